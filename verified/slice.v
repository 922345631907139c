(* Inputs that are not kept: coordinates that can be left out. Some sides may depend on the coordinate
   alone, and hold at one of its values; and there is a direction in which the coordinate changes, and
   none of the other functions does. So where the coordinate has that value, the regions are the same. *)
Require Import QArith Qreduction NArith List Lia Lqa.
From Verified Require Import spec affine opens flats deletion counting arrangement.
Import ListNotations.

(* g where coordinate p is y, as a function of the others. *)
Definition slice (p : nat) (y : Q) (g : affine) : affine :=
  let a := coefficient p g in
  (drop_nth p (fst g), if Qeq_bool a 0 then snd g else Qred (snd g + a * y)).

(* Does g not change in the direction u? *)
Definition still (u : list Q) (g : affine) : bool := Qeq_bool (dot (fst g) u) 0.

(* Does g, of n + 1 coordinates, depend at most on coordinate p, and is it > 0 where this is y? *)
Definition only (n p : nat) (y : Q) (g : affine) : bool :=
  let h := slice p y g in negb (nonzero_coefficient (firstn n (fst h))) && on (snd h).

(* The direction is found by elimination; nothing is proved of that, since it is checked. *)

(* An equation c_1 y_1 + ... + c_m y_m = r has a right side for each of the functions r. *)
Definition equation := (list Q * list Q)%type.

Definition scaled (q : Q) (c : list Q) : list Q := map (fun a => Qred (q * a)%Q) c.

(* The first equation in which y_1 has a coefficient, and the others. *)
Fixpoint pivot (es : list equation) : option (Q * equation * list equation) :=
  match es with
  | [] => None
  | (c, r) :: es' =>
      if Qeq_bool (hd 0%Q c) 0%Q then
        match pivot es' with
        | Some (p, e, rest) => Some (p, e, (c, r) :: rest)
        | None => None
        end
      else Some (hd 0%Q c, (tl c, r), es')
  end.

(* Takes y_1 out of an equation. *)
Definition eliminate (p : Q) (e : equation) (other : equation) : equation :=
  let (c, r) := other in
  if Qeq_bool (hd 0%Q c) 0%Q then (tl c, r)
  else let q := Qred (- hd 0%Q c / p)%Q in
       (add_coefficients (scaled q (fst e)) (tl c), add_coefficients (scaled q (snd e)) r).

Fixpoint solution (m : nat) (es : list equation) : list Q :=
  match m with
  | O => []
  | S m' =>
      match pivot es with
      | None => 0 :: solution m' (map (fun e => (tl (fst e), snd e)) es)
      | Some (a, e, rest) =>
          let u := solution m' (map (eliminate a e) rest) in Qred ((hd 0 (snd e) - dot (fst e) u) / a) :: u
      end
  end.

Definition is_in (j : nat) (js : list nat) : bool := existsb (Nat.eqb j) js.

(* The coefficients of those of the coordinates j, j + 1, ... that are not in `others`. *)
Fixpoint kept_of (others : list nat) (j : nat) (c : list Q) : list Q :=
  match c with
  | [] => []
  | a :: c' => if is_in j others then kept_of others (S j) c' else a :: kept_of others (S j) c'
  end.

(* The n coordinates from j on of the direction: 1 for p, those of u for what is kept. *)
Fixpoint spread (others : list nat) (p j n : nat) (u : list Q) : list Q :=
  match n with
  | O => []
  | S n' =>
      if Nat.eqb j p then 1 :: spread others p (S j) n' u
      else if is_in j others then 0 :: spread others p (S j) n' u
      else hd 0 u :: spread others p (S j) n' (tl u)
  end.

Definition direction (others : list nat) (p n : nat) (fs : list affine) : list Q :=
  let pad f := (fst f ++ repeat 0 (n - length (fst f)))%list in
  let equation_of f := (kept_of others 0 (pad f), [- coefficient p f]) in
  spread others p 0 n (solution (n - length others) (map equation_of fs)).

(* The sides and lines without the other coordinates, each of which has a value. Their numbers fall. *)
Fixpoint without_others (n : nat) (others : list (nat * Q)) (sides lines : list affine)
  {struct others} : option (nat * list affine * list affine) :=
  match others, n with
  | [], _ => Some (n, sides, lines)
  | (p, y) :: others', S m =>
      let rest := filter (fun g => negb (only m p y g)) sides in
      let u := direction (map fst others) p n (rest ++ lines) in
      if Nat.ltb p n && Nat.eqb (length u) n && Qeq_bool (nth p u 0) 1 && forallb (still u) (rest ++ lines)
      then without_others m others' (map (slice p y) sides) (map (slice p y) lines)
      else None
  | _ :: _, O => None
  end.

(* Values *)

Lemma value_slice : forall p y g x, (p < length x)%nat -> nth p x 0 == y ->
  value (slice p y g) (drop_nth p x) == value g x.
Proof.
  intros p y g x L Y. unfold value, slice, coefficient. cbn [fst snd].
  rewrite (dot_drop p (fst g) x L), Y.
  destruct (Qeq_bool (nth p (fst g) 0) 0) eqn:E; [|rewrite Qred_correct; ring].
  apply Qeq_bool_iff in E. rewrite E. ring.
Qed.

Fixpoint moved (t : Q) (x u : list Q) : point :=
  match x, u with
  | a :: x', b :: u' => a + t * b :: moved t x' u'
  | _, _ => []
  end.

Lemma length_moved : forall t x u, length u = length x -> length (moved t x u) = length x.
Proof. induction x as [|a x IH]; intros [|b u] L; simpl in *; try discriminate; auto. Qed.

Lemma dot_moved : forall t c x u, length u = length x -> dot c (moved t x u) == dot c x + t * dot c u.
Proof.
  induction c as [|k c IH]; intros [|a x] [|b u] L; simpl in *; try discriminate; try ring.
  rewrite IH by congruence. ring.
Qed.

Lemma nth_moved : forall t x u p, length u = length x -> nth p (moved t x u) 0 == nth p x 0 + t * nth p u 0.
Proof.
  induction x as [|a x IH]; intros [|b u] [|p] L; simpl in *; try discriminate; try ring.
  apply IH. congruence.
Qed.

Lemma value_moved : forall t g x u, length u = length x -> still u g = true ->
  value g (moved t x u) == value g x.
Proof.
  intros t g x u L S. apply Qeq_bool_iff in S. unfold value. rewrite dot_moved, S by assumption. ring.
Qed.

Lemma only_positive : forall n p y g z, only n p y g = true -> length z = n -> 0 < value (slice p y g) z.
Proof.
  intros n p y g z H L. apply andb_prop in H. destruct H as [C P]. apply negb_true_iff in C.
  assert (Z : value (fst (slice p y g), 0) z == 0).
  { apply value_not_nonzero. unfold nonzero. cbn [fst snd]. rewrite L, C. reflexivity. }
  apply on_true in P. unfold value in *. cbn [fst snd] in Z. lra.
Qed.

Lemma sided_same : forall (h : affine -> affine) x z v fs,
  (forall f, In f fs -> value (h f) z == value f x) ->
  (holds (sided v (map h fs)) z <-> holds (sided v fs) x).
Proof.
  intros h x z v fs. revert v. induction fs as [|f fs IH]; intros [|s v] E; simpl;
    try solve [split; intro; constructor].
  assert (V : value (signed s (h f)) z == value (signed s f) x)
    by (destruct s; simpl; rewrite ?value_minus, E by (left; reflexivity); reflexivity).
  specialize (IH v (fun g I => E g (or_intror I))). unfold holds in *.
  split; intro H; inversion H; subst; constructor; try (apply IH; assumption).
  - rewrite <- V. assumption.
  - rewrite V. assumption.
Qed.

Section Slice.

Context (m p : nat) (y : Q) (u : list Q) (sides lines : list affine).
Context (P : (p < S m)%nat) (L : length u = S m) (U : nth p u 0 == 1).
Context (Sides : forall g, In g sides -> still u g = true \/ only m p y g = true).
Context (Lines : forall g, In g lines -> still u g = true).

Lemma down : forall x, length x = S m -> exists z, length z = m /\
  (forall g, still u g = true -> value (slice p y g) z == value g x).
Proof.
  intros x Lx. set (x' := moved (y - nth p x 0) x u).
  assert (L' : length x' = S m) by (unfold x'; rewrite length_moved; congruence).
  exists (drop_nth p x'). split; [pose proof (length_drop _ p x' ltac:(lia)); lia|].
  intros g S. rewrite value_slice; [apply value_moved; congruence || assumption | lia|].
  unfold x'. rewrite nth_moved, U by congruence. ring.
Qed.

Lemma up : forall z, length z = m -> exists x, length x = S m /\
  forall g, value (slice p y g) z == value g x.
Proof.
  intros z Lz. destruct (insert_spec p y z) as [A [B C]]; [lia|]. exists (insert p y z).
  split; [lia|]. intro g. rewrite <- B at 1. apply value_slice; [lia | rewrite C; reflexivity].
Qed.

Lemma sides_down : forall x z, length z = m ->
  (forall g, still u g = true -> value (slice p y g) z == value g x) ->
  holds sides x -> holds (map (slice p y) sides) z.
Proof.
  intros x z Lz V H. unfold holds in *. rewrite Forall_map, Forall_forall in *. intros g I.
  destruct (Sides g I) as [S|O]; [rewrite V by assumption; auto | apply only_positive with m; assumption].
Qed.

Lemma slice_nonzero : all_nonzero (S m) lines -> all_nonzero m (map (slice p y) lines).
Proof.
  unfold all_nonzero. rewrite Forall_map, !Forall_forall. intros H g I. specialize (H g I).
  destruct (nonzero m (slice p y g)) eqn:Z; [reflexivity|]. exfalso.
  destruct (nonzero_somewhere _ _ H) as [x [Lx N]]. apply N. destruct (down x Lx) as [z [Lz V]].
  rewrite <- V by auto. apply value_not_nonzero. rewrite Lz. assumption.
Qed.

Lemma slice_meets : all_nonzero (S m) lines -> forall v,
  meets (S m) sides lines v <-> meets m (map (slice p y) sides) (map (slice p y) lines) v.
Proof.
  intros NZ v. split; intro M.
  - destruct (meets_point _ _ _ _ NZ M) as [Lv [x [Lx [H S]]]]. destruct (down x Lx) as [z [Lz V]].
    apply point_meets with (x := z); [assumption | rewrite map_length; assumption | |].
    + apply sides_down with (x := x); assumption.
    + apply (sided_same (slice p y) x z); auto.
  - destruct (meets_point _ _ _ _ (slice_nonzero NZ) M) as [Lv [z [Lz [H S]]]].
    destruct (up z Lz) as [x [Lx V]]. rewrite map_length in Lv.
    apply point_meets with (x := x); [assumption | assumption | |].
    + unfold holds in *. rewrite Forall_map in H. eapply Forall_impl; [|exact H]. intros g G.
      rewrite <- V. assumption.
    + apply (sided_same (slice p y) x z) in S; auto.
Qed.

End Slice.

Theorem without_others_sound : forall others n sides lines m sides' lines',
  without_others n others sides lines = Some (m, sides', lines') -> all_nonzero n lines ->
  forall k, how_many (meets m sides' lines') k -> how_many (meets n sides lines) k.
Proof.
  induction others as [|[p y] others IH]; intros n sides lines m sides' lines' H NZ k K;
    cbn [without_others] in H.
  - inversion H; subst. assumption.
  - destruct n as [|n]; [discriminate|].
    set (rest := filter _ sides) in H. set (u := direction _ _ _ _) in H.
    destruct (Nat.ltb p (S n) && Nat.eqb (length u) (S n) && Qeq_bool (nth p u 0) 1 &&
              forallb (still u) (rest ++ lines))%bool eqn:C; [|discriminate].
    repeat (apply andb_prop in C; destruct C as [C ?]).
    apply Nat.ltb_lt in C. rewrite forallb_app in *.
    repeat match goal with
    | X : (_ && _)%bool = true |- _ => apply andb_prop in X; destruct X
    | X : Nat.eqb _ _ = true |- _ => apply Nat.eqb_eq in X
    | X : Qeq_bool _ _ = true |- _ => apply Qeq_bool_iff in X
    | X : forallb _ _ = true |- _ => rewrite forallb_forall in X
    end.
    assert (S : forall g, In g sides -> still u g = true \/ only n p y g = true).
    { intros g I. destruct (only n p y g) eqn:O; [auto|]. left.
      match goal with X : forall x, In x rest -> _ |- _ => apply X end.
      apply filter_In. rewrite O. auto. }
    assert (NZ' : all_nonzero n (map (slice p y) lines)) by (apply slice_nonzero with (u := u); auto).
    destruct (IH _ _ _ _ _ _ H NZ' k K) as [l [N [Ll E]]]. exists l.
    split; [assumption|]. split; [assumption|]. intro v.
    rewrite E. symmetry. apply slice_meets with (u := u); auto.
Qed.
