"""The real programs, as data: to add one is to add a file and a line."""

from . import bzip2, cjson, jansson, lua, sqlite, zlib

RECIPES = {each.RECIPE.name: each.RECIPE for each in (lua, zlib, bzip2, cjson, jansson, sqlite)}
