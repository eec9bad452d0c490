/* NEON: arithmetic, lanes, lists, structured loads, table look-ups, reductions. */
#include <arm_neon.h>

float32x4_t axpy(float32x4_t a, float32x4_t b, float32x2_t c) { return vfmaq_lane_f32(a, b, c, 1); }
int32x4_t lane(int32x4_t a, int *p) { return vld1q_lane_s32(p, vdupq_n_s32(vgetq_lane_s32(a, 3)), 2); }
void zip(uint8_t *out, const uint8_t *in, int n)
{
    for (int i = 0; i < n; i++) {
        uint8x16x3_t x = vld3q_u8(in + 48 * i);
        uint8x16x4_t y = { { x.val[0], x.val[2], x.val[1], vdupq_n_u8(255) } };
        vst4q_u8(out + 64 * i, y);
    }
}
uint8x16_t look(uint8x16x4_t t, uint8x16_t i) { return vqtbl4q_u8(t, i); }
int sum(const int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i] * p[i]; return s; }
void scale(float *p, int n) { for (int i = 0; i < n; i++) p[i] = p[i] * 0.5f + 1.0f; }
uint64x2_t constants(void) { return vdupq_n_u64(0xff00ff00ff00ff00ull); }
int16x8_t shifts(int16x8_t a) { return vshrq_n_s16(vshlq_n_s16(a, 3), 5); }
uint16x8_t widen(uint8x8_t a, uint8x8_t b) { return vmull_u8(a, b); }
