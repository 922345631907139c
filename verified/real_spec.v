(* The definitions of spec.v once more, for points with real coordinates. Weights, biases and what
   bounds the domain are rational, and Q2R q is the real number q. *)
Require Import QArith Reals Qreals List.
From Verified Require Import spec.
Import ListNotations.

Local Open Scope R_scope.

Definition real_point := list R.

Fixpoint real_dot (c : list Q) (x : real_point) : R :=
  match c, x with
  | a :: c', y :: x' => Q2R a * y + real_dot c' x'
  | _, _ => 0
  end.

Definition real_value (f : affine) (x : real_point) : R := real_dot (fst f) x + Q2R (snd f).

Definition real_on (z : R) : bool := if Rlt_dec 0 z then true else false.

Definition real_activate (a : activation) (z : R) : R :=
  match a with
  | Linear => z
  | Relu => if real_on z then z else 0
  | LeakyRelu slope => if real_on z then z else Q2R slope * z
  | Abs => if real_on z then z else - z
  | Clip low high =>
      if real_on (z - Q2R high) then Q2R high else if real_on (z - Q2R low) then z else Q2R low
  end.

Definition real_switches (a : activation) (z : R) : list R :=
  match a with
  | Linear => []
  | Relu => [z]
  | LeakyRelu _ => [z; - z]
  | Abs => [z; - z]
  | Clip low high => [z - Q2R low; z - Q2R high]
  end.

Fixpoint real_largest (zs : list R) : R :=
  match zs with
  | [] => 0
  | [z] => z
  | z :: zs' => if real_on (real_largest zs' - z) then real_largest zs' else z
  end.

Fixpoint real_winner (zs : list R) : N :=
  match zs with
  | [] | [_] => 0%N
  | z :: zs' => if real_on (real_largest zs' - z) then N.succ (real_winner zs') else 0%N
  end.

Definition real_state (z : R) : N := if real_on z then 1%N else 0%N.

Fixpoint real_states (ls : list layer) (x : real_point) : list N :=
  match ls with
  | [] => []
  | Each a rows carried :: next =>
      let z := map (fun f => real_value f x) rows in
      flat_map (fun y => map real_state (real_switches a y)) z ++
      real_states next (map (real_activate a) z ++ map (fun f => real_value f x) carried)
  | Maxout units carried :: next =>
      let z := map (map (fun f => real_value f x)) units in
      map real_winner z ++
      real_states next (map real_largest z ++ map (fun f => real_value f x) carried)
  end.

Definition real_box := list (R * R).

Definition in_real_box (b : real_box) (x : real_point) : Prop :=
  Forall2 (fun bounds y => fst bounds < y /\ y < snd bounds) b x.

Definition of_box (b : box) : real_box := map (fun bounds => (Q2R (fst bounds), Q2R (snd bounds))) b.

Definition in_real_domain (d : domain) (x : real_point) : Prop :=
  match within d with
  | None => True
  | Some b => in_real_box (of_box b) x
  end
  /\ Forall (fun h => real_dot (fst h) x < Q2R (snd h)) (halves d).

Definition counted_over_reals (net : network) (d : domain) (s : list N) : Prop :=
  exists b : real_box,
    length b = inputs net /\ Forall (fun bounds => fst bounds < snd bounds) b /\
    forall x, in_real_box b x -> in_real_domain d x /\ real_states (layers net) x = s.
