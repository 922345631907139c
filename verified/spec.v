(* What is counted: the linear regions of a network in a domain.

   This file is all that a reader of the theorem in check.v has to trust, besides Coq. It has
   definitions and no proofs. Numbers are the rational numbers Q, which are exact. A few words of
   Coq: [a; b] is a list, ++ joins lists, map f l applies f to every entry of l, Forall P l says
   that P holds for every entry, and Forall2 P l m that two lists are equally long and P holds for
   the entries at the same place. *)
Require Import QArith List.
Import ListNotations.

(* Points and affine functions. *)

(* A point is the list of its coordinates. *)
Definition point := list Q.

(* The product c_1 x_1 + ... + c_n x_n. *)
Fixpoint dot (c : list Q) (x : point) : Q :=
  match c, x with
  | a :: c', y :: x' => a * y + dot c' x'
  | _, _ => 0
  end.

(* An affine function: its coefficients and its constant. *)
Definition affine := (list Q * Q)%type.

(* Its value at x: c_1 x_1 + ... + c_n x_n + b. *)
Definition value (f : affine) (x : point) : Q := dot (fst f) x + snd f.

(* Networks. *)

(* What a layer does with a number z, its unit's pre-activation. *)
Inductive activation :=
| Linear                  (* z *)
| Relu                    (* max(z, 0) *)
| LeakyRelu (slope : Q)   (* z if z > 0, else slope * z *)
| Abs                     (* the absolute value of z *)
| Clip (low high : Q).    (* low if z <= low, high if z > high, else z; low < high *)

(* Every unit has an affine function of the layer's inputs, which is a row of the weight matrix and the
   bias, or, in a maxout layer, several of them, its pieces. A layer may carry functions: their values
   are passed on as they are, behind those of the units, and have no state. *)
Inductive layer :=
| Each (a : activation) (rows carried : list affine)
| Maxout (units : list (list affine)) (carried : list affine).

Record network := { inputs : nat; layers : list layer }.

(* A number is on (true) where it is > 0, and off (false) elsewhere. *)
Definition on (z : Q) : bool := negb (Qle_bool z 0).

(* Is low < high, in a clip? *)
Definition is_valid (l : layer) : bool :=
  match l with
  | Each (Clip low high) _ _ => on (high - low)
  | _ => true
  end.

(* What the unit passes on. *)
Definition activate (a : activation) (z : Q) : Q :=
  match a with
  | Linear => z
  | Relu => if on z then z else 0
  | LeakyRelu slope => if on z then z else slope * z
  | Abs => if on z then z else - z
  | Clip low high => if on (z - high) then high else if on (z - low) then z else low
  end.

(* The state of the unit: which of these numbers are on. Where z and - z are both off, z is 0. *)
Definition switches (a : activation) (z : Q) : list Q :=
  match a with
  | Linear => []
  | Relu => [z]
  | LeakyRelu _ => [z; - z]
  | Abs => [z; - z]
  | Clip low high => [z - low; z - high]
  end.

(* The largest of the numbers, which a maxout unit passes on. *)
Fixpoint largest (zs : list Q) : Q :=
  match zs with
  | [] => 0
  | [z] => z
  | z :: zs' => if on (largest zs' - z) then largest zs' else z
  end.

(* The state of a maxout unit: the number, from 0 on, of the first piece with the largest value. *)
Fixpoint winner (zs : list Q) : N :=
  match zs with
  | [] | [_] => 0
  | z :: zs' => if on (largest zs' - z) then N.succ (winner zs') else 0
  end.

(* The state of a number: 1 if it is on, else 0. *)
Definition state (z : Q) : N := if on z then 1 else 0.

(* The states of all units of a list of layers, from the first to the last, when x is put into the
   first layer. *)
Fixpoint states (ls : list layer) (x : point) : list N :=
  match ls with
  | [] => []
  | Each a rows carried :: next =>
      let z := map (fun f => value f x) rows in
      flat_map (fun y => map state (switches a y)) z ++
      states next (map (activate a) z ++ map (fun f => value f x) carried)
  | Maxout units carried :: next =>
      let z := map (map (fun f => value f x)) units in
      map winner z ++ states next (map largest z ++ map (fun f => value f x) carried)
  end.

(* The pattern of the network at x. *)
Definition pattern (net : network) (x : point) : list N := states (layers net) x.

(* Boxes and domains. *)

(* A box is the list of the bounds (low, high) of the coordinates. *)
Definition box := list (Q * Q).

(* x lies in the open box: low < coordinate < high for each coordinate; x has as many coordinates as
   the box has bounds. *)
Definition in_box (b : box) (x : point) : Prop :=
  Forall2 (fun bounds y => fst bounds < y /\ y < snd bounds) b x.

(* A box of positive size: low < high for each coordinate. *)
Definition positive_size (b : box) : Prop := Forall (fun bounds => fst bounds < snd bounds) b.

(* A domain is what is left of R^n, or of a box, by half-spaces a_1 x_1 + ... + a_n x_n < c. Regions
   are sets with interior points, so it does not matter that the boundary is left out. *)
Record domain := { within : option box; halves : list (list Q * Q) }.

Definition in_domain (d : domain) (x : point) : Prop :=
  match within d with
  | None => True
  | Some b => in_box b x
  end
  /\ Forall (fun h => dot (fst h) x < snd h) (halves d).

(* Regions. *)

(* A pattern s is counted if some open box of positive size lies in the domain and all of its points
   have this pattern: the region of s has an interior point in the domain. *)
Definition counted (net : network) (d : domain) (s : list N) : Prop :=
  exists b : box,
    length b = inputs net /\ positive_size b /\
    forall x, in_box b x -> in_domain d x /\ pattern net x = s.

(* Exactly n patterns are counted: there is a list of them without repetition, of length n. *)
Definition regions (net : network) (d : domain) (n : N) : Prop :=
  exists l : list (list N),
    NoDup l /\ N.of_nat (length l) = n /\ forall s, In s l <-> counted net d s.
