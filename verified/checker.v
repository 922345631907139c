(* The checker: it walks the tree of a certificate and counts patterns. *)
Require Import QArith NArith String List.
From Verified Require Import spec affine whole lower farkas flats arrangement slice.
Import ListNotations.

(* The tree. k is the number of a comparison; those of all units are numbered through the layers from 0
   on. A ReLU unit has one, that of 0 with its pre-activation. The entries of a support are comparisons
   too, or faces of the domain, which have the numbers behind. p is the number of the coordinate, of
   those that are left, which the flat of a CROSS does without; others are the coordinates that are not kept,
   each with a value. The point of a MEET is without the coordinates of its pivots.

   Divide is a SPLIT or a BRANCH. In a SPLIT, k is the comparison of the only two candidates of a unit;
   in a BRANCH, k is the first comparison of a unit. There is a part for each candidate, in order. At an
   Elsewhere, the tree is in another file, the part of that number. *)
Inductive tree :=
| Divide (split : bool) (k : N) (parts : list tree)
| Force (support : list N) (forced : list (N * bool)) (rest : tree)
| Leaf (x : point)
| Meet (pivots : list nat) (y : point)
| Empty (support : list N) (k : N) (state : bool)
| Cross (k : N) (p : nat) (flat rest : tree)
| Same (k other : N) (rest : tree)
| Shown
| Count (others : list (nat * Q))
| Elsewhere (number : N).

Inductive outcome (A : Type) := Done (a : A) | Refused (why : string).
Arguments Done {A}.
Arguments Refused {A}.

Local Open Scope string_scope.

(* A function that is >= 0 on a cell: of a comparison, negated if its state is off, or of a face; or a
   multiple with integer coefficients. *)
Record fact := { entry : N; side : bool; ints : whole }.

Definition fn (g : fact) : affine := of_whole (ints g).

(* A unit of the layer at which the cell is: the number of its first comparison, how many pieces it has,
   and its candidates, ascending, as functions of the network's inputs. A piece is a candidate until it
   loses a comparison; so the piece that wins at a point of the cell is one of the candidates. *)
Record unit := { first : N; size : N; candidates : list candidate }.

(* A cell is the set where the functions of `apart` are > 0; those of `decided` are >= 0 on it, as a
   FORCE has shown. All units of the layers before those in `units` are decided on it; `passing` are
   what their layer carries, and `later` the layers behind, whose comparisons have the numbers from
   `next` on. *)
Record cell := {
  apart : list fact;
  decided : list fact;
  units : list unit;
  passing : list affine;
  next : N;
  later : list low_layer
}.

(* What a tree shows: how many patterns, and which cells it leaves to the parts of these numbers. *)
Definition shown := (N * list (N * cell))%type.

(* What is >= 0 on the cell. *)
Definition facts (c : cell) : list fact := decided c ++ apart c.

(* Layers. *)

Definition is_linear (l : low_layer) : bool := match l with Mix _ => true | Max _ _ => false end.

(* How many comparisons there are of m pieces. *)
Definition comparisons (m : N) : N := N.div2 (m * (m - 1)).

Fixpoint numbered (k : N) (us : list (list candidate)) : list unit :=
  match us with
  | [] => []
  | cs :: us' =>
      let m := N.of_nat (length cs) in
      {| first := k; size := m; candidates := cs |} :: numbered (k + comparisons m) us'
  end.

Definition all_comparisons (us : list (list candidate)) : N :=
  fold_right (fun cs k => comparisons (N.of_nat (length cs)) + k)%N 0%N us.

Definition compose_candidate (fs : list affine) (c : candidate) : candidate :=
  (fst c, compose (snd c) fs).

(* The units of the first layer of ls that is not linear, whose inputs are the functions fs, what it
   carries, and the layers behind it. Linear layers behind the last such layer are of no concern. *)
Fixpoint enter (fs : list affine) (ls : list low_layer)
  : list (list candidate) * list affine * list low_layer :=
  if forallb is_linear ls then ([], [], [])
  else
    match ls with
    | [] => ([], [], [])
    | Mix rows :: ls' => enter (map (fun f => compose f fs) rows) ls'
    | Max units carried :: ls' =>
        (map (map (compose_candidate fs)) units, map (fun f => compose f fs) carried, ls')
    end.

Definition at_layer (apart decided : list fact) (fs : list affine) (k : N) (ls : list low_layer)
  : cell :=
  let '(us, ps, ls') := enter fs ls in
  {| apart := apart; decided := decided; units := numbered k us; passing := ps;
     next := (k + all_comparisons us)%N; later := ls' |}.

Definition is_decided (u : unit) : bool := match candidates u with [_] => true | _ => false end.

(* What a unit with one candidate passes on. *)
Definition output (u : unit) : affine := match candidates u with (_, f) :: _ => f | [] => zero end.

(* If all units of its layer are decided, the cell goes on to the next layer. *)
Definition advance (c : cell) : cell :=
  if forallb is_decided (units c)
  then at_layer (apart c) (decided c) (map output (units c) ++ passing c) (next c) (later c)
  else c.

(* Comparisons. *)

(* Of the pieces i < j of m, in lexicographic order of (i, j). *)
Definition place (m i j : N) : N := i * m - N.div2 (i * (i + 1)) + (j - i - 1).

(* The second is larger than the first. *)
Definition comparison (a b : candidate) : affine := add (snd b) (minus (snd a)).

(* The candidate whose comparison with i is k, and the others. *)
Fixpoint find_second (k m i : N) (cs : list candidate) : option (candidate * list candidate) :=
  match cs with
  | [] => None
  | b :: cs' =>
      if N.eqb (place m i (fst b)) k then Some (b, cs')
      else
        match find_second k m i cs' with
        | None => None
        | Some (d, rest) => Some (d, b :: rest)
        end
  end.

(* The comparison k of two candidates, and the candidates without the one that loses it if it has the
   state s. *)
Fixpoint lose (k : N) (s : bool) (m : N) (cs : list candidate) : option (affine * list candidate) :=
  match cs with
  | [] => None
  | a :: cs' =>
      match find_second k m (fst a) cs' with
      | Some (b, rest) => Some (comparison a b, if s then cs' else a :: rest)
      | None =>
          match lose k s m cs' with
          | None => None
          | Some (f, rest) => Some (f, a :: rest)
          end
      end
  end.

Definition with_candidates (u : unit) (cs : list candidate) : unit :=
  {| first := first u; size := size u; candidates := cs |}.

Definition has_comparison (k : N) (u : unit) : bool :=
  N.leb (first u) k && N.ltb k (first u + comparisons (size u)).

(* The function of the comparison k of two candidates, and the units once it has the state s. *)
Fixpoint decide (k : N) (s : bool) (us : list unit) : option (affine * list unit) :=
  match us with
  | [] => None
  | u :: us' =>
      if has_comparison k u then
        match lose (k - first u) s (size u) (candidates u) with
        | None => None
        | Some (f, cs) => Some (f, with_candidates u cs :: us')
        end
      else
        match decide k s us' with
        | None => None
        | Some (f, vs) => Some (f, u :: vs)
        end
  end.

(* Parts of a cell. *)

(* Is k the comparison of the only two candidates? *)
Definition is_pair (k : N) (u : unit) : bool :=
  match candidates u with
  | [a; b] => N.eqb (first u + place (size u) (fst a) (fst b)) k
  | _ => false
  end.

(* The unit that a Divide means, and the units before and behind it. *)
Fixpoint find_unit (means : unit -> bool) (us : list unit) : option (list unit * unit * list unit) :=
  match us with
  | [] => None
  | u :: us' =>
      if means u then Some ([], u, us')
      else
        match find_unit means us' with
        | None => None
        | Some (l, v, r) => Some (u :: l, v, r)
        end
  end.

Definition is_meant (split : bool) (k : N) (u : unit) : bool :=
  if split then is_pair k u
  else N.eqb (first u) k && match candidates u with _ :: _ :: _ => true | _ => false end.

(* That the comparison of a and b has this state. *)
Definition fact_of (u : unit) (s : bool) (a b : candidate) : fact :=
  {| entry := first u + place (size u) (fst a) (fst b); side := s;
     ints := clear (signed s (comparison a b)) |}.

(* For each candidate of r, where those of l come before it: that it wins against all others. *)
Fixpoint choices (u : unit) (l r : list candidate) : list (candidate * list fact) :=
  match r with
  | [] => []
  | c :: r' =>
      (c, (map (fun a => fact_of u true a c) l ++ map (fun b => fact_of u false c b) r')%list)
      :: choices u (l ++ [c]) r'
  end.

(* Do the candidates have different numbers? *)
Fixpoint differ (cs : list candidate) : bool :=
  match cs with
  | [] => true
  | c :: cs' => forallb (fun d => negb (N.eqb (fst c) (fst d))) cs' && differ cs'
  end.

(* The part of a cell where the candidate of a choice wins; l and r are the other units. *)
Definition part (c : cell) (l : list unit) (u : unit) (r : list unit) (choice : candidate * list fact)
  : cell :=
  advance {| apart := snd choice ++ apart c; decided := decided c;
             units := l ++ with_candidates u [fst choice] :: r; next := next c;
             passing := passing c; later := later c |}.

(* Supports. *)

Fixpoint find_fact (e : N) (gs : list fact) : option fact :=
  match gs with
  | [] => None
  | g :: gs' => if N.eqb (entry g) e then Some g else find_fact e gs'
  end.

Fixpoint support_of (es : list N) (gs : list fact) : option (list whole) :=
  match es with
  | [] => Some []
  | e :: es' =>
      match find_fact e gs, support_of es' gs with
      | Some g, Some fs => Some (ints g :: fs)
      | _, _ => None
      end
  end.

(* The functions that have to be >= 0 for the units to have these states. *)
Fixpoint targets (forced : list (N * bool)) (us : list unit) : option (list whole) :=
  match forced with
  | [] => Some []
  | (k, s) :: forced' =>
      match decide k s us, targets forced' us with
      | Some (f, _), Some fs => Some (clear (signed s f) :: fs)
      | _, _ => None
      end
  end.

(* Decides the units one after the other, with a list of multipliers for each. *)
Fixpoint force (n : nat) (support : list whole) (c : cell) (forced : list (N * bool)) (d : Z)
  (ys : list (list Z)) : outcome cell :=
  match forced, ys with
  | [], _ => Done c
  | (k, s) :: forced', y :: ys' =>
      match decide k s (units c) with
      | None => Refused "a unit of a FORCE is not pending"
      | Some (f, us) =>
          let w := clear (signed s f) in
          if shows d y support w && (negb s || nonzero n f) then
            let g := {| entry := k; side := s; ints := w |} in
            force n support
              {| apart := apart c; decided := g :: decided c; units := us; next := next c;
                 passing := passing c; later := later c |} forced' d ys'
          else Refused "a support does not force a unit"
      end
  | _, [] => Refused "no multipliers"
  end.

(* The last layer that is not linear: units that go, flats. *)

(* Is a unit decided, or are there two candidates left? *)
Definition is_plain (u : unit) : bool :=
  match candidates u with
  | [_] => true
  | [a; b] => negb (N.eqb (fst a) (fst b))
  | _ => false
  end.

Definition is_last (c : cell) : bool := forallb is_linear (later c) && forallb is_plain (units c).

(* The comparisons of units with two candidates. *)
Fixpoint pending (us : list unit) : list affine :=
  match us with
  | [] => []
  | u :: us' => match candidates u with [a; b] => comparison a b :: pending us' | _ => pending us' end
  end.

(* The comparison k of a unit with two candidates, and the other units. *)
Fixpoint without (k : N) (us : list unit) : option (affine * list unit) :=
  match us with
  | [] => None
  | u :: us' =>
      if is_pair k u then
        match candidates u with [a; b] => Some (comparison a b, us') | _ => None end
      else
        match without k us' with
        | None => None
        | Some (f, vs) => Some (f, u :: vs)
        end
  end.

(* The cell with these units alone. *)
Definition reduced (c : cell) (us : list unit) : cell :=
  {| apart := apart c; decided := decided c; units := us; next := next c; passing := passing c;
     later := later c |}.

Definition restrict_fact (p : nat) (w : whole) (g : fact) : fact :=
  {| entry := entry g; side := side g; ints := restrict_ints p w (ints g) |}.

Definition restrict_unit (p : nat) (f : affine) (u : unit) : unit :=
  with_candidates u (map (fun c => (fst c, restrict p f (snd c))) (candidates u)).

(* What the hyperplane f = 0 has of a cell. *)
Definition flat_of (p : nat) (f : affine) (c : cell) : cell :=
  let w := clear f in
  {| apart := map (restrict_fact p w) (apart c); decided := map (restrict_fact p w) (decided c);
     units := map (restrict_unit p f) (units c); passing := map (restrict p f) (passing c);
     next := next c; later := later c |}.

(* Is f a multiple of g other than 0, as a function of n coordinates, or are both zero? *)
Definition ratio (n : nat) (f g : affine) : Q :=
  match pivot_of n (fst g) with
  | Some p => Qred (coefficient p f / coefficient p g)
  | None => Qred (snd f / snd g)
  end.

Definition multiple (n : nat) (f g : affine) : bool :=
  if nonzero n g then
    let q := ratio n f g in
    negb (Qeq_bool q 0) && negb (nonzero n (add f (minus (times q g))))
  else negb (nonzero n f).

(* Is the point in the cell? *)
Definition inside (gs : list fact) (x : point) : bool :=
  let d := common x in
  let xs := map (numerator d) x in
  forallb (fun g => positive_at d xs (ints g)) gs.

(* The pivot of f among the numbers ps, and those that are left. *)
Fixpoint choose_pivot (f : affine) (ps : list nat) : option (nat * list nat) :=
  match ps with
  | [] => None
  | p :: ps' =>
      if negb (Qeq_bool (coefficient p f) 0) then Some (p, ps')
      else
        match choose_pivot f ps' with
        | None => None
        | Some (q, others) => Some (q, p :: others)
        end
  end.

(* The number of coordinate q where there is no coordinate p. *)
Definition renumber (p q : nat) : nat := if Nat.ltb p q then pred q else q.

(* The point of n coordinates where all of fs are 0, solved for as many coordinates ps; the others are
   those of y. *)
Fixpoint meeting (n : nat) (ps : list nat) (fs : list affine) (y : point) {struct n} : option point :=
  match fs, n with
  | [], _ => if Nat.eqb (length ps) 0 && Nat.eqb (length y) n then Some y else None
  | _, O => None
  | f :: fs', S m =>
      match choose_pivot f ps with
      | None => None
      | Some (p, others) =>
          if negb (Nat.ltb p n) then None
          else
            match meeting m (map (renumber p) others) (map (restrict p f) fs') y with
            | None => None
            | Some x => Some (insert p (solve_for p f x) x)
            end
      end
  end.

(* COUNT: in all of the space, or in two dimensions, without the coordinates that are not kept. *)
Definition count_regions (n : nat) (others : list (nat * Q)) (c : cell) : outcome N :=
  let sides := map fn (apart c) in
  let lines := filter (varies n) (pending (units c)) in
  let all := match sides with [] => true | _ => false end in
  match (if all then Some (n, sides, lines) else without_others n others sides lines) with
  | None => Refused "a COUNT where inputs matter that are not kept"
  | Some (m, sides', lines') =>
      if negb (Nat.leb m 2 || all) then
        Refused "a COUNT with inequalities in more than two dimensions"
      else
        let k := regions_of m sides' lines' in
        if N.ltb 0 k then Done k else Refused "a COUNT does not show that the cell is not empty"
  end.

(* The patterns in the cell, and the cells that are left to parts, in the order of the file, which has
   the part of a SPLIT where the comparison is on first. n is the number of coordinates; comparisons have
   the numbers below `total`. `flat`: the cell is in a flat; `crossed`: a CROSS has shown a point of it. *)
Fixpoint check_tree (n : nat) (total : N) (flat crossed : bool) (c : cell) (t : tree)
  {struct t} : outcome shown :=
  match t with
  | Divide split k parts =>
      match find_unit (is_meant split k) (units c) with
      | None =>
          Refused (if split then "a SPLIT by a comparison that is not the last one of its unit"
                   else "the unit of a BRANCH is not one of the layer")
      | Some (l, u, r) =>
          let chosen := choices u [] (candidates u) in
          if negb (differ (candidates u)) then Refused "two candidates have one number"
          else if negb (forallb (fun ch => forallb (fun g => nonzero n (fn g)) (snd ch)) chosen) then
            Refused "a comparison of a SPLIT or BRANCH vanishes"
          else
            (fix sum (chs : list (candidate * list fact)) (ts : list tree)
                 {struct ts} : outcome shown :=
               match chs, ts with
               | [], [] => Done (0%N, [])
               | ch :: chs', t' :: ts' =>
                   match check_tree n total flat false (part c l u r ch) t' with
                   | Refused why => Refused why
                   | Done (m, holes) =>
                       match sum chs' ts' with
                       | Refused why => Refused why
                       | Done (ms, others) =>
                           Done ((m + ms)%N, (if split then others ++ holes else holes ++ others)%list)
                       end
                   end
               | _, _ => Refused "a BRANCH has more or fewer parts than there are candidates"
               end) chosen parts
      end
  | Force es forced t' =>
      match support_of es (facts c), targets forced (units c) with
      | Some support, Some fs =>
          match multipliers n support fs with
          | None => Refused "the entries of a support depend on one another"
          | Some (d, ys) =>
              match force n support c forced d ys with
              | Refused why => Refused why
              | Done c' => check_tree n total flat crossed (advance c') t'
              end
          end
      | None, _ => Refused "an entry of a support is not decided"
      | _, None => Refused "a unit of a FORCE is not pending"
      end
  | Leaf x =>
      match units c, later c with
      | [], [] =>
          if Nat.eqb (length x) n && inside (apart c) x then Done (1%N, [])
          else Refused "the point of a LEAF is not in the cell"
      | _, _ => Refused "units are pending at a LEAF"
      end
  | Meet pivots y =>
      let fs := pending (units c) in
      if negb (is_last c) then Refused "a MEET before the last layer"
      else if match fs with [] => true | _ => false end then Refused "nothing is pending at a MEET"
      else
        match meeting n pivots fs y with
        | None => Refused "the pending units of a MEET cannot be solved for its coordinates"
        | Some x =>
            if inside (apart c) x then Done ((2 ^ N.of_nat (length fs))%N, [])
            else Refused "the pending units of a MEET do not meet in the cell"
        end
  | Empty es k s =>
      match find_fact k (apart c), support_of es (facts c) with
      | Some g, Some support =>
          if N.ltb k total && negb (Bool.eqb (side g) s) && negb flat && negb crossed then
            let w := opposite (ints g) in
            match multipliers n support [w] with
            | Some (d, [y]) =>
                if shows d y support w then Done (0%N, [])
                else Refused "the support of an EMPTY does not show it"
            | _ => Refused "the entries of a support depend on one another"
            end
          else Refused "an EMPTY in a flat, behind a CROSS, or by a unit that has this state"
      | None, _ => Refused "the unit of an EMPTY does not make the cell"
      | _, None => Refused "an entry of a support is not decided"
      end
  | Cross k p t0 t1 =>
      match without k (units c), n with
      | Some (f, us), S m =>
          if negb (is_last c) then Refused "a CROSS before the last layer"
          else if negb (Nat.ltb p n) || Qeq_bool (coefficient p f) 0 then
            Refused "the unit of a CROSS does not depend on the pivot"
          else if negb (forallb (nonzero m) (map (restrict p f) (pending us))) then
            Refused "another unit vanishes on the flat of a CROSS"
          else
            match check_tree m total true false (advance (flat_of p f (reduced c us))) t0 with
            | Refused why => Refused why
            | Done (_, _ :: _) => Refused "ELSEWHERE in a flat"
            | Done (m0, []) =>
                match check_tree n total flat (crossed || N.ltb 0 m0) (advance (reduced c us)) t1 with
                | Refused why => Refused why
                | Done (m1, holes) => Done ((m1 + m0)%N, holes)
                end
            end
      | None, _ => Refused "the unit of a CROSS is not pending"
      | _, O => Refused "a CROSS in a point"
      end
  | Same k other t' =>
      match without k (units c) with
      | None => Refused "the unit of a SAME is not pending"
      | Some (f, us) =>
          match without other us with
          | None => Refused "the other unit of a SAME is not pending"
          | Some (g, _) =>
              if is_last c && multiple n f g
              then check_tree n total flat crossed (advance (reduced c us)) t'
              else Refused "the units of a SAME are not multiples, or not of the last layer"
          end
      end
  | Shown =>
      match units c, later c with
      | [], [] =>
          if crossed then Done (1%N, []) else Refused "a LEAF without a point, and without a CROSS before it"
      | _, _ => Refused "units are pending at a LEAF"
      end
  | Count others =>
      if negb (N.ltb 0 total && is_last c) then Refused "a COUNT before the last layer"
      else
        match count_regions n others c with
        | Refused why => Refused why
        | Done m => Done (m, [])
        end
  | Elsewhere number =>
      if crossed then Refused "ELSEWHERE behind a CROSS" else Done (0%N, [(number, c)])
  end.

(* The patterns in a cell, if its whole tree is here. *)
Definition check_whole (n : nat) (total : N) (c : cell) (t : tree) : outcome N :=
  match check_tree n total false false c t with
  | Refused why => Refused why
  | Done (m, []) => Done m
  | Done (_, _ :: _) => Refused "ELSEWHERE, but not in a trunk"
  end.

(* The root. *)

(* low < x_j and x_j < high for each coordinate j. *)
Fixpoint box_faces (b : box) : list affine :=
  match b with
  | [] => []
  | (low, high) :: b' => ([1], - low) :: ([-1], high) :: map shift (box_faces b')
  end.

Definition half_face (h : list Q * Q) : affine := (map Qopp (fst h), snd h).

Definition faces (d : domain) : list affine :=
  (match within d with Some b => box_faces b | None => [] end ++ map half_face (halves d))%list.

Fixpoint as_facts (k : N) (fs : list affine) : list fact :=
  match fs with
  | [] => []
  | f :: fs' => {| entry := k; side := true; ints := clear f |} :: as_facts (N.succ k) fs'
  end.

Fixpoint count_comparisons (ls : list low_layer) : N :=
  match ls with
  | [] => 0
  | Mix _ :: ls' => count_comparisons ls'
  | Max units _ :: ls' => all_comparisons units + count_comparisons ls'
  end.

Definition root (net : network) (d : domain) : cell :=
  let gs := as_facts (count_comparisons (lower (layers net))) (faces d) in
  at_layer gs [] (coordinates (inputs net)) 0 (lower (layers net)).

Definition fits (net : network) (d : domain) : bool :=
  match within d with
  | None => true
  | Some b => Nat.eqb (length b) (inputs net)
  end.

(* Can the number of regions be counted? *)
Definition misfit (net : network) (d : domain) : option string :=
  if negb (forallb is_valid (layers net)) then Some "a clip whose low is not below its high"
  else if fits net d then None
  else Some "the box has another dimension than the network".
