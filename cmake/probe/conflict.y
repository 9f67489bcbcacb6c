// SPDX-License-Identifier: Apache-2.0
// An ambiguous grammar: a Lemon that accepts it would let a conflict in dsl/grammar.y pass, so it is refused.
file ::= expr.
expr ::= expr PLUS expr.
expr ::= NUM.
