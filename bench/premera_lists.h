// SPDX-License-Identifier: Apache-2.0
//
// The lists of premera/11.01.523 of 2024-12-05 as the hand-written C reference needs them: every reviewed code and
// brand once, with the groups it belongs to. Used by premera_c.c for its switch and its hash table and by cases.c to
// draw codes and brands. Must say what policies/premera/11.01.523/2024-12-05.soc says; the test bench_agree notices
// if it does not.
#ifndef SOC_BENCH_PREMERA_LISTS_H
#define SOC_BENCH_PREMERA_LISTS_H

// Groups of codes and brands.
#define LISTED 1u
#define SEVERAL 2u     // the code does not name one product
#define IV_FORM 4u     // listed in the intravenous form only
#define ROUTE_ASKED 8u // the code itself does not say intravenous
#define RITUXIMAB 16u
#define CHECKPOINT 32u

// X(five characters, further groups)
#define PREMERA_CODES(X)                            \
  X('9', '0', '2', '8', '3', 0)                     \
  X('9', '0', '2', '8', '4', 0)                     \
  X('J', '0', '1', '2', '9', 0)                     \
  X('J', '0', '1', '8', '0', 0)                     \
  X('J', '0', '2', '1', '9', 0)                     \
  X('J', '0', '2', '2', '1', 0)                     \
  X('J', '0', '2', '5', '6', SEVERAL)               \
  X('J', '0', '2', '5', '7', 0)                     \
  X('J', '0', '4', '8', '5', 0)                     \
  X('J', '0', '4', '9', '0', 0)                     \
  X('J', '0', '5', '8', '4', 0)                     \
  X('J', '0', '5', '9', '8', 0)                     \
  X('J', '0', '7', '9', '1', 0)                     \
  X('J', '1', '3', '0', '0', 0)                     \
  X('J', '1', '3', '0', '3', 0)                     \
  X('J', '1', '3', '2', '2', 0)                     \
  X('J', '1', '4', '2', '6', 0)                     \
  X('J', '1', '4', '2', '8', 0)                     \
  X('J', '1', '4', '2', '9', 0)                     \
  X('J', '1', '4', '5', '8', 0)                     \
  X('J', '1', '4', '5', '9', 0)                     \
  X('J', '1', '5', '5', '1', 0)                     \
  X('J', '1', '5', '5', '4', 0)                     \
  X('J', '1', '5', '5', '5', 0)                     \
  X('J', '1', '5', '5', '6', 0)                     \
  X('J', '1', '5', '5', '7', 0)                     \
  X('J', '1', '5', '5', '8', 0)                     \
  X('J', '1', '5', '5', '9', 0)                     \
  X('J', '1', '5', '6', '1', 0)                     \
  X('J', '1', '5', '6', '6', SEVERAL)               \
  X('J', '1', '5', '6', '8', 0)                     \
  X('J', '1', '5', '6', '9', 0)                     \
  X('J', '1', '5', '7', '2', 0)                     \
  X('J', '1', '5', '7', '5', 0)                     \
  X('J', '1', '5', '7', '6', 0)                     \
  X('J', '1', '5', '9', '9', SEVERAL)               \
  X('J', '1', '6', '0', '2', IV_FORM)               \
  X('J', '1', '7', '4', '3', 0)                     \
  X('J', '1', '7', '4', '5', 0)                     \
  X('J', '1', '7', '4', '7', IV_FORM | ROUTE_ASKED) \
  X('J', '1', '7', '8', '6', 0)                     \
  X('J', '1', '8', '2', '3', 0)                     \
  X('J', '1', '9', '3', '1', 0)                     \
  X('J', '3', '0', '6', '0', 0)                     \
  X('J', '2', '3', '2', '3', 0)                     \
  X('J', '2', '3', '2', '7', IV_FORM)               \
  X('J', '2', '3', '2', '9', 0)                     \
  X('J', '2', '3', '5', '0', 0)                     \
  X('J', '2', '7', '8', '6', 0)                     \
  X('J', '2', '8', '4', '0', 0)                     \
  X('J', '3', '2', '4', '7', IV_FORM)               \
  X('J', '3', '2', '6', '2', 0)                     \
  X('J', '3', '3', '5', '8', IV_FORM)               \
  X('J', '3', '3', '8', '0', 0)                     \
  X('J', '3', '3', '8', '5', 0)                     \
  X('J', '9', '2', '7', '1', CHECKPOINT)            \
  X('J', '9', '3', '1', '2', RITUXIMAB)             \
  X('J', '9', '2', '9', '9', CHECKPOINT)            \
  X('Q', '5', '1', '0', '3', 0)                     \
  X('Q', '5', '1', '0', '4', 0)                     \
  X('Q', '5', '1', '1', '5', RITUXIMAB)             \
  X('Q', '5', '1', '1', '9', RITUXIMAB)             \
  X('Q', '5', '1', '2', '1', 0)                     \
  X('Q', '5', '1', '2', '3', RITUXIMAB)             \
  X('Q', '5', '1', '3', '3', IV_FORM | ROUTE_ASKED) \
  X('Q', '5', '1', '3', '4', 0)

// X(brand, further groups)
#define PREMERA_BRANDS(X)                  \
  X("Cinryze", 0)                          \
  X("Alyglo", 0)                           \
  X("Asceniv", 0)                          \
  X("Bivigam", 0)                          \
  X("Cutaquig", 0)                         \
  X("Cuvitru", 0)                          \
  X("Flebogamma DIF", 0)                   \
  X("Gammagard", 0)                        \
  X("Gammaked", 0)                         \
  X("Gammaplex", 0)                        \
  X("Gamunex-C", 0)                        \
  X("Hizentra", 0)                         \
  X("Hyqvia", 0)                           \
  X("Octagam", 0)                          \
  X("Panzyga", 0)                          \
  X("Privigen", 0)                         \
  X("Xembify", 0)                          \
  X("Cinqair", 0)                          \
  X("Nulojix", 0)                          \
  X("Actemra", 0)                          \
  X("Avsola", 0)                           \
  X("Benlysta", 0)                         \
  X("Cosentyx IV", IV_FORM)                \
  X("Entyvio", 0)                          \
  X("Inflectra", 0)                        \
  X("Infliximab (Janssen - unbranded)", 0) \
  X("Orencia", 0)                          \
  X("Remicade", 0)                         \
  X("Renflexis", 0)                        \
  X("Rituxan", RITUXIMAB)                  \
  X("Ruxience", RITUXIMAB)                 \
  X("Simponi Aria", IV_FORM)               \
  X("Skyrizi IV", IV_FORM)                 \
  X("Spevigo IV", IV_FORM)                 \
  X("Stelara IV", IV_FORM)                 \
  X("Tofidence IV", IV_FORM)               \
  X("Truxima", RITUXIMAB)                  \
  X("Tyruko", 0)                           \
  X("Tysabri", 0)                          \
  X("Uplizna", 0)                          \
  X("Soliris", 0)                          \
  X("Ultomiris", 0)                        \
  X("Amondys 45", 0)                       \
  X("Exondys 51", 0)                       \
  X("Vyondys 53", 0)                       \
  X("Briumvi", 0)                          \
  X("Ocrevus", 0)                          \
  X("Aldurazyme", 0)                       \
  X("Cerezyme", 0)                         \
  X("Crysvita", 0)                         \
  X("Elaprase", 0)                         \
  X("Elelyso", 0)                          \
  X("Fabrazyme", 0)                        \
  X("Kanuma", 0)                           \
  X("Lumizyme", 0)                         \
  X("Mepsevii", 0)                         \
  X("Naglazyme", 0)                        \
  X("Nexviazyme", 0)                       \
  X("Vimizim", 0)                          \
  X("Vpriv", 0)                            \
  X("Keytruda", CHECKPOINT)                \
  X("Opdivo", CHECKPOINT)                  \
  X("Aralast NP", 0)                       \
  X("Glassia", 0)                          \
  X("Prolastin-C", 0)                      \
  X("Zemaira", 0)                          \
  X("Adakveo", 0)                          \
  X("Crysvida", 0)                         \
  X("Eleyso", 0)                           \
  X("Infliximab (Janssen – unbranded)", 0)

#endif
