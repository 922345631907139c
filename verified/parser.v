(* From the bytes of a certificate, decompressed, to its tree (src/check/FORMAT.md). Nothing is proved
   of the parser: whatever tree it reads is checked. *)
Require Import QArith Qreduction NArith String List.
From Verified Require Import spec affine lower farkas slice checker.
Import ListNotations.

Local Open Scope string_scope.
Local Open Scope N_scope.

Definition bytes := list N.

(* What was read, and the bytes behind it. *)
Definition read (A : Type) := outcome (A * bytes).

Notation "'let*' ( x , rest ) := r 'in' e" :=
  (match r with Done (x, rest) => e | Refused why => Refused why end)
  (at level 200, x name, rest name, r at level 100, e at level 200).

Definition unverified {A : Type} (node : string) : outcome A :=
  Refused (node ++ " is not verified yet").

(* An unsigned integer, 7 bits to a byte. *)
Fixpoint long_varint (bs : bytes) : read N :=
  match bs with
  | [] => Refused "the certificate ends early"
  | b :: bs' =>
      if N.ltb b 128 then Done (b, bs')
      else
        let* (v, rest) := long_varint bs' in
        if N.eqb v 0 then Refused "a number has more bytes than it needs"
        else Done (b - 128 + 128 * v, rest)
  end.

Definition varint (bs : bytes) : read N :=
  let* (v, rest) := long_varint bs in
  if N.ltb v 9223372036854775808 then Done (v, rest) else Refused "a number is too large".

Definition signed_varint (bs : bytes) : read Z :=
  let* (v, rest) := long_varint bs in
  let (half, odd) := N.div_eucl v 2 in
  Done ((if N.eqb odd 0 then Z.of_N half else - Z.of_N half - 1)%Z, rest).

(* Recursion that reads at least one byte a turn: `fuel` has no fewer entries than there are turns. *)

(* `count` entries of a list, each the number d of others since the one before; `next` is the
   least that may come. *)
Fixpoint entries (fuel : bytes) (count next : N) (bs : bytes) : read (list N) :=
  if N.eqb count 0 then Done ([], bs)
  else
    match fuel with
    | [] => Refused "the certificate ends early"
    | _ :: fuel' =>
        let* (d, bs1) := varint bs in
        let* (es, bs2) := entries fuel' (count - 1) (next + d + 1) bs1 in
        Done (next + d :: es, bs2)
    end.

Definition increasing (bs : bytes) : read (list N) :=
  let* (count, bs1) := varint bs in entries bs1 count 0 bs1.

(* The same with a state beside each unit. *)
Fixpoint states_of (fuel : bytes) (count next : N) (bs : bytes) : read (list (N * bool)) :=
  if N.eqb count 0 then Done ([], bs)
  else
    match fuel with
    | [] => Refused "the certificate ends early"
    | _ :: fuel' =>
        let* (v, bs1) := varint bs in
        let (d, s) := N.div_eucl v 2 in
        let* (es, bs2) := states_of fuel' (count - 1) (next + d + 1) bs1 in
        Done ((next + d, N.eqb s 1) :: es, bs2)
    end.

(* A coordinate of a cell. A certificate may keep some inputs and say nothing of the others, which do
   not matter: its points, pivots and faces are numbered by the kept inputs alone. *)
Inductive coordinate := Kept (j : N) | Fixed (y : Q).

Record layout := {
  left : list coordinate;  (* that are left in the flat *)
  kept : list N;           (* ascending *)
  inputs_of : N;           (* how many inputs there are *)
  boxed : bool;
  first_face : N;          (* the number of the first face: how many comparisons there are *)
  groups : list N          (* the numbers of the first comparisons of the maxout units *)
}.

(* The layout of a flat: what it has left. *)
Definition in_flat (l : layout) (others : list coordinate) : layout :=
  {| left := others; kept := kept l; inputs_of := inputs_of l; boxed := boxed l;
     first_face := first_face l; groups := groups l |}.

(* The number that a face has if all inputs are kept. *)
Definition face_of (l : layout) (e : N) : N :=
  let f := e - first_face l in
  let among := 2 * N.of_nat (List.length (kept l)) in
  if N.ltb e (first_face l) || negb (boxed l) then e
  else if N.ltb f among then
    first_face l + 2 * nth (N.to_nat (f / 2)) (kept l) 0 + f mod 2
  else first_face l + 2 * inputs_of l + (f - among).

(* An integer m for each kept input, whose coordinate is m * up / down. *)
Fixpoint coordinates_of (cs : list coordinate) (up : Z) (down : positive) (bs : bytes) : read point :=
  match cs with
  | [] => Done ([], bs)
  | Kept _ :: cs' =>
      let* (m, bs1) := signed_varint bs in
      let* (x, bs2) := coordinates_of cs' up down bs1 in
      Done (Qred (m * up # down) :: x, bs2)
  | Fixed y :: cs' =>
      let* (x, bs1) := coordinates_of cs' up down bs in
      Done (y :: x, bs1)
  end.

Definition point_of (l : layout) (bs : bytes) : read point :=
  let* (e, bs1) := signed_varint bs in
  if Z.ltb 16777216 (Z.abs e) then Refused "the exponent of a point is out of range"
  else if Z.ltb e 0 then coordinates_of (left l) (Z.shiftl 1 (- e)) 1 bs1
  else coordinates_of (left l) 1 (Z.to_pos (Z.shiftl 1 e)) bs1.

(* Where the kept input j is among the coordinates, and the others. *)
Fixpoint pivot_at (j : N) (cs : list coordinate) : option (nat * list coordinate) :=
  match cs with
  | [] => None
  | c :: cs' =>
      if match c with Kept i => N.eqb i j | Fixed _ => false end then Some (O, cs')
      else
        match pivot_at j cs' with
        | None => None
        | Some (p, others) => Some (S p, c :: others)
        end
  end.

(* The coordinates from p on that are not kept, last ones first, each with its value. *)
Fixpoint fixed_from (p : nat) (cs : list coordinate) : list (nat * Q) :=
  match cs with
  | [] => []
  | Kept _ :: cs' => fixed_from (S p) cs'
  | Fixed y :: cs' => (fixed_from (S p) cs' ++ [(p, y)])%list
  end.

(* Where the kept inputs js, ascending, are among the coordinates from p on, and the others. *)
Fixpoint pivots_at (p : nat) (js : list N) (cs : list coordinate) : option (list nat * list coordinate) :=
  match js, cs with
  | [], _ => Some ([], cs)
  | _, [] => None
  | j :: js', c :: cs' =>
      let found := match c with Kept i => N.eqb i j | Fixed _ => false end in
      match pivots_at (S p) (if found then js' else js) cs' with
      | None => None
      | Some (ps, others) => Some (if found then (p :: ps, others) else (ps, c :: others))
      end
  end.

Definition support_of_bytes (l : layout) (bs : bytes) : read (list N) :=
  let* (es, rest) := increasing bs in Done (map (face_of l) es, rest).

Fixpoint tree_of (fuel : bytes) (l : layout) (bs : bytes) : read tree :=
  match fuel with
  | [] => Refused "the certificate ends early"
  | _ :: fuel' =>
      let* (v, bs1) := varint bs in
      let (k, tag) := N.div_eucl v 8 in
      match tag with
      | 0 =>
          let* (t1, bs2) := tree_of fuel' l bs1 in
          let* (t0, bs3) := tree_of fuel' l bs2 in
          Done (Divide true k [t0; t1], bs3)
      | 1 =>
          if N.eqb k 0 then Refused "a FORCE forces no unit"
          else
            let* (support, bs2) := support_of_bytes l bs1 in
            let* (forced, bs3) := states_of bs2 k 0 bs2 in
            let* (t, bs4) := tree_of fuel' l bs3 in
            Done (Force support forced t, bs4)
      | 2 =>
          let* (j, bs2) := varint bs1 in
          match pivot_at j (left l) with
          | None => Refused "the pivot of a CROSS is not a coordinate of the flat"
          | Some (p, others) =>
              let* (t0, bs3) := tree_of fuel' (in_flat l others) bs2 in
              let* (t1, bs4) := tree_of fuel' l bs3 in
              Done (Cross k p t0 t1, bs4)
          end
      | 3 =>
          let* (other, bs2) := varint bs1 in
          let* (t, bs3) := tree_of fuel' l bs2 in
          Done (Same k other t, bs3)
      | 4 =>
          match k with
          | 0 => let* (x, bs2) := point_of l bs1 in Done (Leaf x, bs2)
          | 1 => Done (Shown, bs1)
          | 2 =>
              let* (support, bs2) := support_of_bytes l bs1 in
              let* (forced, bs3) := states_of bs2 1 0 bs2 in
              match forced with
              | [(u, s)] => Done (Empty support u s, bs3)
              | _ => Refused "an EMPTY names no unit"
              end
          | 3 =>
              let* (js, bs2) := increasing bs1 in
              match pivots_at 0 js (left l) with
              | None => Refused "a pivot of a MEET is not a coordinate of the flat"
              | Some (ps, others) =>
                  let* (y, bs3) := point_of (in_flat l others) bs2 in
                  Done (Meet ps y, bs3)
              end
          | _ => Refused "there is no such LEAF"
          end
      | 5 => if N.eqb k 0 then Done (Count (fixed_from 0 (left l)), bs1) else Refused "there is no such COUNT"
      | 6 => Done (Elsewhere k, bs1)
      | _ =>
          let* (count, bs2) := varint bs1 in
          if negb (existsb (N.eqb k) (groups l)) then
            Refused "the number in a BRANCH is not that of a maxout unit"
          else
            let* (parts, bs3) :=
              (fix parts (fuel : bytes) (count : N) (bs : bytes) : read (list tree) :=
                 if N.eqb count 0 then Done ([], bs)
                 else
                   match fuel with
                   | [] => Refused "the certificate ends early"
                   | _ :: fuel'' =>
                       let* (t, bs1) := tree_of fuel' l bs in
                       let* (ts, bs2) := parts fuel'' (count - 1) bs1 in
                       Done (t :: ts, bs2)
                   end) fuel' count bs2 in
            Done (Divide false k parts, bs3)
      end
  end.

(* The head: the first k bytes and the rest. *)
Fixpoint take (k : nat) (bs : bytes) : read bytes :=
  match k, bs with
  | O, _ => Done ([], bs)
  | S k', b :: bs' => let* (cs, rest) := take k' bs' in Done (b :: cs, rest)
  | S _, [] => Refused "the certificate ends early"
  end.

(* An unsigned integer, most significant byte first. *)
Definition big_endian (bs : bytes) : N := fold_left (fun v b => 256 * v + b) bs 0.

Fixpoint same_bytes (bs cs : bytes) : bool :=
  match bs, cs with
  | [], [] => true
  | b :: bs', c :: cs' => N.eqb b c && same_bytes bs' cs'
  | _, _ => false
  end.

(* The text creasect, and the version. *)
Definition magic (version : N) : bytes := [99; 114; 101; 97; 115; 101; 99; 116; version].

(* The coordinates at first: `others` has one for each input. `kept` are those from j on that are kept,
   of which i come before. *)
Fixpoint coordinates_at (i j : N) (kept : list N) (others : point) : list coordinate :=
  match others with
  | [] => []
  | y :: others' =>
      if match kept with k :: _ => N.eqb k j | [] => false end
      then Kept i :: coordinates_at (N.succ i) (N.succ j) (tl kept) others'
      else Fixed y :: coordinates_at i (N.succ j) kept others'
  end.

(* The first comparisons of the maxout units, if those of ls have the numbers from k on. *)
Fixpoint groups_of (k : N) (ls : list layer) : list N :=
  match ls with
  | [] => []
  | Each a rows _ :: ls' =>
      groups_of (k + N.of_nat (List.length rows * List.length (switches a 0))) ls'
  | Maxout units _ :: ls' =>
      let us := numbered k (map (enumerate 0) units) in
      (map first us ++ groups_of (k + all_comparisons (map candidates us)) ls')%list
  end.

(* The inputs that are not kept have the coordinate 0, or the middle of the box's bounds. *)
Definition layout_of (net : network) (d : domain) (kept : list N) : layout :=
  let others := match within d with
                | None => repeat 0%Q (inputs net)
                | Some b => map (fun bounds => Qred ((fst bounds + snd bounds) * (1 # 2))) b
                end in
  {| left := coordinates_at 0 0 kept others;
     kept := kept;
     inputs_of := N.of_nat (List.length others);
     boxed := match within d with None => false | Some _ => true end;
     first_face := count_comparisons (lower (layers net));
     groups := groups_of 0 (layers net) |}.

(* May the other inputs be left out? The rows are those of the first switching layer and of the
   half-spaces. In a box the columns of the others are zero; else they are linear combinations of the
   kept ones: the equations, with a right side for each of them, can be solved. *)

(* The coefficients of a row from input j on: of the kept inputs, and of the others. *)
Fixpoint divided (j : N) (kept : list N) (n : nat) (c : list Q) : equation :=
  match n with
  | O => ([], [])
  | S n' =>
      if match kept with k :: _ => N.eqb k j | [] => false end
      then let (a, b) := divided (N.succ j) (tl kept) n' (tl c) in (hd 0%Q c :: a, b)
      else let (a, b) := divided (N.succ j) kept n' (tl c) in (a, hd 0%Q c :: b)
  end.

Definition zero_right (e : equation) : bool := negb (nonzero_coefficient (snd e)).

Fixpoint solvable (m : nat) (es : list equation) : bool :=
  match m with
  | O => forallb zero_right es
  | S m' =>
      match pivot es with
      | None => solvable m' (map (fun e => (tl (fst e), snd e)) es)
      | Some (p, e, rest) => solvable m' (map (eliminate p e) rest)
      end
  end.

(* The comparisons of a unit. *)
Fixpoint differences (cs : list candidate) : list affine :=
  match cs with
  | [] => []
  | c :: cs' => (map (comparison c) cs' ++ differences cs')%list
  end.

Definition spanned (net : network) (d : domain) (kept : list N) : bool :=
  if Nat.eqb (List.length kept) (inputs net) then true
  else
    let '(units, carried, later) := enter (coordinates (inputs net)) (lower (layers net)) in
    let pieces := concat (map (map snd) units) in
    let rows := (concat (map differences units) ++
                 (if forallb is_linear later then [] else pieces ++ carried) ++
                 map half_face (halves d))%list in
    let es := map (fun f => divided 0 kept (inputs net) (fst f)) rows in
    match within d with
    | Some _ => forallb zero_right es
    | None => solvable (List.length kept) es
    end.

(* What a file begins with. *)
Record head := {
  kind : N;           (* 0: a whole certificate; 1: a trunk; 2: a part *)
  number : N;         (* of a trunk, how many parts belong to it; of a part, its own *)
  claim : N;          (* the number of regions that the file claims *)
  kept_inputs : list N
}.

(* `digests` are the 64 bytes of the digests of the network and of the domain. *)
Definition head_of (net : network) (digests bs : bytes) : read head :=
  let* (start, bs1) := take 9 bs in
  let* (kind, bs2) := take 1 bs1 in
  let* (number, bs3) := take 6 bs2 in
  let* (names, bs4) := take 64 bs3 in
  let* (claim, bs5) := take 32 bs4 in
  let* (kept, bs6) := increasing bs5 in
  if same_bytes start (magic 2) then unverified "version 2"
  else if negb (same_bytes start (magic 1)) then Refused "not a certificate of version 1"
  else if negb (same_bytes names digests) then
    Refused "the certificate is for another network or domain"
  else if negb (forallb (fun j => N.ltb j (N.of_nat (inputs net))) kept) then
    Refused "an input is kept that the network does not have"
  else Done ({| kind := big_endian kind; number := big_endian number; claim := big_endian claim;
                kept_inputs := kept |}, bs6).

(* The trees in the bytes, to their end. *)
Fixpoint trees_of (fuel : bytes) (l : layout) (bs : bytes) : outcome (list tree) :=
  match bs, fuel with
  | [], _ => Done []
  | _, [] => Refused "the certificate ends early"
  | _, _ :: fuel' =>
      let* (t, rest) := tree_of bs l bs in
      match trees_of fuel' l rest with
      | Refused why => Refused why
      | Done ts => Done (t :: ts)
      end
  end.

(* The head of a whole certificate or a trunk, and its tree. *)
Definition certificate_of (net : network) (d : domain) (digests bs : bytes) : outcome (head * tree) :=
  let* (h, rest) := head_of net digests bs in
  if negb (spanned net d (kept_inputs h)) then Refused "the inputs that are not kept matter"
  else
    match trees_of rest (layout_of net d (kept_inputs h)) rest with
    | Refused why => Refused why
    | Done [t] => Done (h, t)
    | Done _ => Refused "something follows the tree"
    end.
