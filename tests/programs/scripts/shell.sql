-- What the shell is given: types, joins, windows, common tables, JSON, triggers, transactions, errors.
.bail off
.headers on
PRAGMA page_size=1024;
CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT COLLATE NOCASE, c REAL, d BLOB, e ANY);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)
  INSERT INTO t SELECT i, printf('%05d-%s', (i*7919)%2003, char(65+i%26)), i/7.0, CAST(i*i AS BLOB), CASE i%4 WHEN 0 THEN NULL WHEN 1 THEN i WHEN 2 THEN i*0.5 ELSE 's'||i END FROM n;
CREATE INDEX t_b ON t(b); CREATE INDEX t_c ON t(c) WHERE c > 100; CREATE UNIQUE INDEX t_bc ON t(b, c);
SELECT count(*), sum(a), avg(c), min(b), max(b), total(e), group_concat(DISTINCT typeof(e)) FROM t;
SELECT typeof(e), count(*), sum(length(d)), round(avg(c), 6) FROM t GROUP BY 1 ORDER BY 2 DESC, 1;
SELECT a, b FROM t WHERE b BETWEEN '00100' AND '00110' ORDER BY b;
SELECT a, b, c FROM t WHERE b LIKE '%-Q' AND c > 200 ORDER BY c DESC LIMIT 5 OFFSET 2;
EXPLAIN QUERY PLAN SELECT * FROM t JOIN t AS u ON t.b = u.b WHERE u.c > 120;
SELECT count(*) FROM t AS x JOIN t AS y ON x.a = y.a*2 LEFT JOIN t AS z ON z.b = y.b AND z.a > 1500;
SELECT a, row_number() OVER w, rank() OVER (ORDER BY a%5), lag(a,2) OVER w, sum(c) OVER (PARTITION BY a%3 ORDER BY a ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM t WHERE a<15 WINDOW w AS (ORDER BY b) ORDER BY a;
WITH RECURSIVE fib(a,b) AS (VALUES(0,1) UNION ALL SELECT b,a+b FROM fib LIMIT 60) SELECT max(a) FROM fib;
WITH RECURSIVE x(i,cx,cy,zx,zy) AS (SELECT 0,-0.5,0.5,0.0,0.0 UNION ALL SELECT i+1,cx,cy,zx*zx-zy*zy+cx,2.0*zx*zy+cy FROM x WHERE i<30 AND zx*zx+zy*zy<4) SELECT max(i), printf('%.9f %.9f', zx, zy) FROM x;
SELECT json_extract('{"a":[1,2.5,{"b":"x\u00e9"}],"c":null}', '$.a[2].b', '$.a[1]'), json_array(1,'two',3.0), json_valid('{"a":}'), json_set('{"a":1}','$.b',json('[2,3]'));
SELECT key, value, type, fullkey FROM json_tree('{"a":[1,{"b":true}],"c":"d"}');
SELECT date('2024-02-29','+1 year'), julianday('2000-01-01'), strftime('%Y-%j %H:%M:%f', 1234567890.5, 'unixepoch'), datetime(-1e9,'unixepoch');
SELECT hex(zeroblob(4)), quote(x'0102ff'), abs(-9223372036854775807), 9223372036854775807+1, 1/0, 7%-3, -7/2, 1e308*10, round(2.5), round(-2.567,2), substr('hello',-3,2), instr('abc','c'), replace('aXbX','X','--'), trim('..x..','.'), unicode('é'), upper('abc'), soundex is null FROM (SELECT NULL AS soundex);
SELECT CAST('12abc' AS INTEGER), CAST(' 3.5e2x' AS REAL), CAST(1e19 AS INTEGER), '10'+5, 'x'||NULL, NULL IS NULL, 1=1.0, '1'=1, x'31'='1', 5 BETWEEN 1 AND 10, 'a' IN ('b','A' COLLATE NOCASE), printf('%08.3f|%-6d|%+d|%x|%e|%q|%,d', 3.14159, 42, 7, 255, 12345.678, 'it''s', 1234567);
CREATE TABLE log(n INTEGER PRIMARY KEY, what TEXT);
CREATE TRIGGER t_upd AFTER UPDATE OF c ON t WHEN old.a%100=0 BEGIN INSERT INTO log(what) VALUES(old.a||':'||round(old.c,3)||'->'||round(new.c,3)); END;
CREATE VIEW v AS SELECT a%10 AS g, count(*) AS n, max(c) AS m FROM t GROUP BY 1 HAVING n>1;
UPDATE t SET c = c*2+1 WHERE a%3=1;
SELECT count(*), min(what), max(what) FROM log;
SELECT * FROM v ORDER BY g;
BEGIN; DELETE FROM t WHERE a%2; SELECT count(*) FROM t; SAVEPOINT s; DELETE FROM t; ROLLBACK TO s; SELECT changes(), count(*) FROM t; ROLLBACK; SELECT count(*) FROM t;
INSERT OR IGNORE INTO t(a,b) VALUES(1,'dup'); INSERT INTO t(a,b) VALUES(1,'dup'); INSERT INTO t(a,b,c) VALUES(3,'up',1) ON CONFLICT(a) DO UPDATE SET b=excluded.b||'!' RETURNING a,b;
SELECT * FROM nowhere; SELEC 1; SELECT (1; SELECT count(*) FROM t WHERE a IN (SELECT a FROM t WHERE b GLOB '*[A-C]' EXCEPT SELECT 28) OR EXISTS(SELECT 1 FROM log WHERE n=t.a);
ALTER TABLE log RENAME COLUMN what TO line; ALTER TABLE log ADD COLUMN extra DEFAULT 'x'; SELECT line, extra FROM log ORDER BY n LIMIT 3;
DELETE FROM t WHERE a BETWEEN 500 AND 1500; VACUUM; REINDEX; ANALYZE; PRAGMA integrity_check; SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1,2;
.mode list
SELECT sum(a*31+length(b)) FROM t;
.mode column
SELECT a, b, typeof(e) AS kind FROM t WHERE a<6;
.mode insert t2
SELECT a, b, c, d, e FROM t WHERE a<5;
.mode json
SELECT a, b, c, e FROM t WHERE a<5;
.schema
.dump log
