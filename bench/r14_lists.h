// SPDX-License-Identifier: Apache-2.0
//
// The code lists of cigna/R14 of 2018-05-19 as the hand-written C reference needs them: every listed code once, with
// the groups it belongs to. Used by r14_c.c for its switch and its hash table and by r14_cases.c to draw codes. Must
// say what policies/cigna/R14/2018-05-19.soc says with what it amends; the test bench_agree_r14 notices if it does not.
#ifndef SOC_BENCH_R14_LISTS_H
#define SOC_BENCH_R14_LISTS_H

#define PROFESSIONAL 1u // not reported by a professional at a facility
#define INFUSION 2u     // infusion services of an office
#define OFFICE_ITEM 4u  // part of an infusion in an office
#define HOME_ITEM 8u    // part of a home per diem
#define PER_DIEM 16u
#define KIT 32u   // a per diem that is no further therapy
#define LATER 64u // a per diem from 2023-04-01 on
#define INJECTION 128u
#define UNLISTED 256u // has no code of its own
#define BUNDLED 512u  // never paid separately
#define INCIDENTAL 1024u

// X(first character, or 0 for five digits; the first and the last number; groups)
#define R14_CODES(X)                                                     \
  X('0', 96360, 96361, PROFESSIONAL | INFUSION | INCIDENTAL)             \
  X('0', 96362, 96364, PROFESSIONAL | INFUSION)                          \
  X('0', 96365, 96371, PROFESSIONAL | INFUSION | INCIDENTAL)             \
  X('0', 96372, 96377, PROFESSIONAL | INFUSION | INJECTION | INCIDENTAL) \
  X('0', 96378, 96378, PROFESSIONAL | INFUSION | INJECTION)              \
  X('0', 96379, 96379, PROFESSIONAL | INFUSION | INJECTION | INCIDENTAL) \
  X('0', 96380, 96400, INFUSION)                                         \
  X('0', 96401, 96402, PROFESSIONAL | INFUSION)                          \
  X('0', 96403, 96408, INFUSION)                                         \
  X('0', 96409, 96425, PROFESSIONAL | INFUSION)                          \
  X('0', 96426, 96520, INFUSION)                                         \
  X('0', 96521, 96523, PROFESSIONAL | INFUSION | INCIDENTAL)             \
  X('0', 96524, 96549, INFUSION)                                         \
  X('A', 4206, 4218, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 4220, 4223, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 4244, 4248, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 4300, 4306, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 4450, 4456, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 4550, 4550, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 4649, 4649, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 4927, 4927, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 4930, 4930, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6203, 6203, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6206, 6206, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6216, 6216, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6219, 6219, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6257, 6257, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6260, 6260, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6402, 6402, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6413, 6413, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6448, 6450, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6453, 6455, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 6457, 6457, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 9219, 9219, OFFICE_ITEM | HOME_ITEM)                            \
  X('A', 9279, 9279, OFFICE_ITEM | HOME_ITEM)                            \
  X('C', 9399, 9399, UNLISTED)                                           \
  X('E', 776, 776, HOME_ITEM)                                            \
  X('E', 779, 781, HOME_ITEM)                                            \
  X('J', 1642, 1642, BUNDLED)                                            \
  X('J', 3490, 3490, UNLISTED)                                           \
  X('J', 3590, 3590, UNLISTED)                                           \
  X('J', 7050, 7050, BUNDLED)                                            \
  X('J', 9999, 9999, UNLISTED)                                           \
  X('K', 105, 105, HOME_ITEM)                                            \
  X('S', 1015, 1016, OFFICE_ITEM | HOME_ITEM)                            \
  X('S', 5497, 5502, PER_DIEM)                                           \
  X('S', 5517, 5518, PER_DIEM | KIT)                                     \
  X('S', 5520, 5521, PER_DIEM | KIT)                                     \
  X('S', 9208, 9214, PER_DIEM)                                           \
  X('S', 9325, 9331, PER_DIEM)                                           \
  X('S', 9336, 9336, PER_DIEM)                                           \
  X('S', 9338, 9343, PER_DIEM)                                           \
  X('S', 9345, 9349, PER_DIEM)                                           \
  X('S', 9351, 9351, PER_DIEM)                                           \
  X('S', 9353, 9353, PER_DIEM)                                           \
  X('S', 9355, 9355, PER_DIEM)                                           \
  X('S', 9357, 9357, PER_DIEM)                                           \
  X('S', 9359, 9359, PER_DIEM)                                           \
  X('S', 9361, 9361, PER_DIEM)                                           \
  X('S', 9363, 9368, PER_DIEM)                                           \
  X('S', 9370, 9370, PER_DIEM)                                           \
  X('S', 9372, 9377, PER_DIEM)                                           \
  X('S', 9379, 9379, PER_DIEM)                                           \
  X('S', 9490, 9490, PER_DIEM)                                           \
  X('S', 9494, 9504, PER_DIEM)                                           \
  X('S', 9537, 9538, PER_DIEM)                                           \
  X('S', 9542, 9542, PER_DIEM)                                           \
  X('S', 9558, 9560, PER_DIEM)                                           \
  X('S', 9562, 9562, PER_DIEM)                                           \
  X('S', 9563, 9563, LATER)                                              \
  X('S', 9590, 9590, PER_DIEM)

// The thousands that listed codes belong to; no range above reaches into a second one. X(first character, thousand)
#define R14_THOUSANDS(X) \
  X('0', 96)             \
  X('A', 4)              \
  X('A', 6)              \
  X('A', 9)              \
  X('C', 9)              \
  X('E', 0)              \
  X('J', 1)              \
  X('J', 3)              \
  X('J', 7)              \
  X('J', 9)              \
  X('K', 0)              \
  X('S', 1)              \
  X('S', 5)              \
  X('S', 9)

#endif
