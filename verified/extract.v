(* The checker as OCaml. Integers become those of zarith; the commands in ExtrOcamlZBigInt.v, of Coq,
   and here say which of its functions stand for which of Coq's. *)
From Coq Require Extraction ExtrOcamlBasic ExtrOcamlNativeString ExtrOcamlZBigInt.
Require Import NArith ZArith.
From Verified Require Import spec checker parts check.

(* The greatest common divisor g of a and b, a / g and b / g. *)
Extract Constant Z.ggcd => "fun a b ->
  let g = Big_int_Z.gcd_big_int a b in
  if Big_int_Z.sign_big_int g = 0 then (g, (a, b))
  else (g, (Big_int_Z.div_big_int a g, Big_int_Z.div_big_int b g))".
Extract Constant Z.gcd => "Big_int_Z.gcd_big_int".
Extract Constant N.eqb => "Big_int_Z.eq_big_int".

Extraction "crease_verified.ml" Verified.check.check check_parts add_up.
