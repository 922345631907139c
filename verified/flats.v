(* Flats: the hyperplane f = 0, in coordinates without one of them, the pivot. *)
Require Import QArith Qreduction ZArith List Lia Lqa.
From Verified Require Import spec affine whole opens.
Import ListNotations.

(* A list without its entry p. *)
Fixpoint drop_nth {A : Type} (p : nat) (l : list A) : list A :=
  match p, l with
  | _, [] => []
  | O, _ :: l' => l'
  | S p', a :: l' => a :: drop_nth p' l'
  end.

(* d - q c *)
Fixpoint less (q : Q) (c d : list Q) : list Q :=
  match c, d with
  | [], _ => d
  | a :: c', [] => Qred (- (q * a)) :: less q c' []
  | a :: c', b :: d' => Qred (b - q * a) :: less q c' d'
  end.

Definition coefficient (p : nat) (f : affine) : Q := nth p (fst f) 0.

(* g on the hyperplane f = 0, where f depends on coordinate p. *)
Definition restrict (p : nat) (f g : affine) : affine :=
  let q := Qred (coefficient p g / coefficient p f) in
  if Qeq_bool q 0 then (drop_nth p (fst g), snd g)
  else (drop_nth p (less q (fst f) (fst g)), Qred (snd g - q * snd f)).

(* Values *)

Lemma dot_less : forall q c d x, dot (less q c d) x == dot d x - q * dot c x.
Proof.
  induction c as [|a c IH]; intros d x; [simpl; lra|].
  destruct d as [|b d], x as [|y x]; cbn [less dot]; try lra; rewrite Qred_correct, IH; simpl; ring.
Qed.

Lemma nth_less : forall q c d p, nth p (less q c d) 0 == nth p d 0 - q * nth p c 0.
Proof.
  induction c as [|a c IH]; intros d p; simpl; [destruct p; ring|].
  destruct d as [|b d], p; simpl; rewrite ?Qred_correct, ?IH; try ring.
  destruct p; simpl; ring.
Qed.

Lemma dot_drop : forall p c x, (p < length x)%nat ->
  dot c x == dot (drop_nth p c) (drop_nth p x) + nth p c 0 * nth p x 0.
Proof.
  induction p as [|p IH]; intros [|a c] [|y x] L; cbn [length] in L; try lia; simpl;
    try ring.
  rewrite (IH c x) by lia. ring.
Qed.

Lemma length_drop : forall (A : Type) p (l : list A), (p < length l)%nat ->
  S (length (drop_nth p l)) = length l.
Proof.
  induction p; intros [|a l] L; simpl in *; try lia. rewrite IHp; lia.
Qed.

(* At every point, also beside the hyperplane. *)
Lemma value_restricted : forall p f g x, (p < length x)%nat -> ~ coefficient p f == 0 ->
  value (restrict p f g) (drop_nth p x) ==
  value g x - coefficient p g / coefficient p f * value f x.
Proof.
  intros p f g x L A. unfold restrict.
  set (r := coefficient p g / coefficient p f). set (q := Qred r).
  assert (E : q * coefficient p f == coefficient p g)
    by (unfold q, r; rewrite Qred_correct; field; assumption).
  setoid_replace r with q by (unfold q; rewrite Qred_correct; reflexivity).
  destruct (Qeq_bool q 0) eqn:B; unfold value in *; cbn [fst snd].
  - apply Qeq_bool_iff in B. rewrite (dot_drop p (fst g) x L). fold (coefficient p g).
    rewrite <- E, B. ring.
  - pose proof (dot_drop p (less q (fst f) (fst g)) x L) as D.
    rewrite dot_less, nth_less in D. fold (coefficient p g) (coefficient p f) in D.
    rewrite <- E in D. rewrite Qred_correct.
    assert (D' : dot (drop_nth p (less q (fst f) (fst g))) (drop_nth p x) ==
                 dot (fst g) x - q * dot (fst f) x) by (rewrite D; ring).
    rewrite D'. ring.
Qed.

(* At a point of the hyperplane. *)
Lemma value_restrict : forall p f g x, (p < length x)%nat -> ~ coefficient p f == 0 ->
  value f x == 0 -> value (restrict p f g) (drop_nth p x) == value g x.
Proof.
  intros p f g x L A Z. rewrite value_restricted, Z by assumption. ring.
Qed.

(* Each point of the flat is one of the hyperplane. *)
Fixpoint insert (p : nat) (t : Q) (y : point) : point :=
  match p, y with
  | S p', a :: y' => a :: insert p' t y'
  | _, _ => t :: y
  end.

Lemma insert_spec : forall p t y, (p <= length y)%nat ->
  length (insert p t y) = S (length y) /\ drop_nth p (insert p t y) = y /\
  nth p (insert p t y) 0 = t.
Proof.
  induction p as [|p IH]; intros t y L; [destruct y; auto|].
  destruct y as [|a y]; simpl in *; [lia|]. destruct (IH t y) as [A [B C]]; [lia|].
  rewrite A, B, C. auto.
Qed.

(* The coordinate p of the point where f is 0; y has its other ones. *)
Definition solve_for (p : nat) (f : affine) (y : point) : Q :=
  Qred (- (dot (drop_nth p (fst f)) y + snd f) / coefficient p f).

Lemma solve_for_spec : forall p f y, (p <= length y)%nat -> ~ coefficient p f == 0 ->
  let x := insert p (solve_for p f y) y in
  length x = S (length y) /\ value f x == 0 /\ drop_nth p x = y.
Proof.
  intros p f y L A. destruct (insert_spec p (solve_for p f y) y L) as [Len [Drop Nth]].
  split; [assumption|]. split; [|assumption]. unfold value.
  rewrite (dot_drop p) by lia. rewrite Drop, Nth. fold (coefficient p f).
  unfold solve_for. rewrite Qred_correct. field. assumption.
Qed.

Lemma lift : forall p f y, (p <= length y)%nat -> ~ coefficient p f == 0 ->
  exists x, length x = S (length y) /\ value f x == 0 /\ drop_nth p x = y.
Proof. intros p f y L A. eexists. apply (solve_for_spec p f y L A). Qed.

(* Points between two points. *)

Fixpoint mix (t : Q) (x y : point) : point :=
  match x, y with
  | a :: x', b :: y' => (1 - t) * a + t * b :: mix t x' y'
  | _, _ => []
  end.

Lemma length_mix : forall t x y, length x = length y -> length (mix t x y) = length x.
Proof. induction x; intros [|b y] L; simpl in *; congruence || auto. Qed.

Lemma dot_mix : forall t c x y, length x = length y ->
  dot c (mix t x y) == (1 - t) * dot c x + t * dot c y.
Proof.
  intros t c. induction c as [|k c IH]; intros [|a x] [|b y] L; simpl in *; try discriminate; try ring.
  rewrite IH by congruence. ring.
Qed.

Lemma value_mix : forall t f x y, length x = length y ->
  value f (mix t x y) == (1 - t) * value f x + t * value f y.
Proof. intros. unfold value. rewrite dot_mix by assumption. ring. Qed.

Lemma holds_mix : forall t fs x y, length x = length y -> 0 <= t -> t <= 1 ->
  holds fs x -> holds fs y -> holds fs (mix t x y).
Proof.
  intros t fs x y L T0 T1 X Y. unfold holds in *. rewrite Forall_forall in *.
  intros f I. specialize (X f I). specialize (Y f I). rewrite value_mix by assumption.
  destruct (Qlt_le_dec 0 t); nra.
Qed.

(* Where f changes its sign, there is a point of the hyperplane between. *)
Lemma crossing : forall f fs x y, length x = length y -> 0 < value f x -> value f y < 0 ->
  holds fs x -> holds fs y ->
  exists z, length z = length x /\ value f z == 0 /\ holds fs z.
Proof.
  intros f fs x y L X Y Hx Hy. set (t := value f x / (value f x - value f y)).
  assert (D : 0 < value f x - value f y) by lra.
  assert (T : t * (value f x - value f y) == value f x) by (unfold t; field; lra).
  exists (mix t x y). split; [apply length_mix; assumption|]. split.
  - rewrite value_mix by assumption. lra.
  - apply holds_mix; auto.
    + unfold t. apply Qle_shift_div_l; lra.
    + unfold t. apply Qle_shift_div_r; lra.
Qed.

(* A function that is zero everywhere is zero on the hyperplane. *)

Lemma value_not_nonzero : forall f x, nonzero (length x) f = false -> value f x == 0.
Proof.
  intros f x H. unfold nonzero in H. apply orb_false_elim in H. destruct H as [C B].
  apply negb_false_iff, Qeq_bool_iff in B. unfold value. rewrite B.
  assert (Z : dot (fst f) x == 0); [|lra].
  clear B. revert x C. induction (fst f) as [|k c IH]; intros x C; [reflexivity|].
  destruct x as [|a x]; [reflexivity|]. simpl in *. apply orb_false_elim in C. destruct C as [K C].
  apply negb_false_iff, Qeq_bool_iff in K. rewrite (IH x C), K. ring.
Qed.

(* A function that is not zero everywhere is not zero somewhere. *)
Lemma nonzero_somewhere : forall n f, nonzero n f = true ->
  exists x, length x = n /\ ~ value f x == 0.
Proof.
  intros n f H. set (b := repeat (-1, 1) n).
  assert (L : length b = n) by apply repeat_length.
  assert (P : positive_size b).
  { unfold b. clear. induction n; simpl; constructor; [simpl; lra | assumption]. }
  destruct (box_has_point b P) as [x Hx].
  destruct (Qeq_dec (value f x) 0) as [E|E].
  - unfold nonzero in H. destruct (nonzero_coefficient (firstn n (fst f))) eqn:C.
    + rewrite <- L in C. destruct (box_lower b x (fst f) Hx C) as [y [Hy D]]. exists y.
      split; [rewrite (in_box_length _ _ Hy); assumption|]. unfold value in *. lra.
    + exists x. split; [rewrite (in_box_length _ _ Hx); assumption|].
      intro. simpl in H. apply negb_true_iff in H.
      assert (Z : value (fst f, 0) x == 0).
      { apply value_not_nonzero. unfold nonzero. simpl. rewrite (in_box_length _ _ Hx), L, C. reflexivity. }
      unfold value in *. simpl in Z. assert (snd f == 0) by lra.
      apply Qeq_bool_iff in H1. congruence.
  - exists x. split; [rewrite (in_box_length _ _ Hx); assumption | assumption].
Qed.

Lemma zero_everywhere : forall n f, (forall x, length x = n -> value f x == 0) -> nonzero n f = false.
Proof.
  intros n f H. destruct (nonzero n f) eqn:E; [|reflexivity].
  destruct (nonzero_somewhere n f E) as [x [L N]]. exfalso. auto.
Qed.

Lemma restrict_nonzero : forall n p f g, (p < S n)%nat -> ~ coefficient p f == 0 ->
  nonzero n (restrict p f g) = true -> nonzero (S n) g = true.
Proof.
  intros n p f g P A H. destruct (nonzero (S n) g) eqn:E; [reflexivity|].
  rewrite zero_everywhere in H; [discriminate|]. intros y Ly.
  destruct (lift p f y) as [x [Lx [Z D]]]; [lia | assumption|].
  rewrite <- D, value_restrict; [| lia | assumption | assumption].
  apply value_not_nonzero. rewrite Lx, Ly. assumption.
Qed.

Lemma coefficient_nonzero : forall n p f, (p < n)%nat -> ~ coefficient p f == 0 ->
  nonzero_coefficient (firstn n (fst f)) = true.
Proof.
  intros n p f. unfold coefficient. revert n p. induction (fst f) as [|k c IH]; intros n p L A.
  - destruct p; simpl in A; exfalso; apply A; reflexivity.
  - destruct n; [lia|]. simpl. destruct p; simpl in A.
    + apply orb_true_iff. left. apply negb_true_iff.
      destruct (Qeq_bool k 0) eqn:E; [|reflexivity]. apply Qeq_bool_iff in E. contradiction.
    + apply orb_true_iff. right. apply IH with (p := p); [lia | assumption].
Qed.

(* The same of functions with integer coefficients, as a multiple. *)

(* Divided by what all coefficients have in common. *)
Definition content (w : whole) : Z := fold_right Z.gcd (snd w) (fst w).

Definition reduce (w : whole) : whole :=
  let c := content w in
  if Z.leb c 1 then w else (map (fun a => a / c)%Z (fst w), (snd w / c)%Z).

Definition restrict_ints (p : nat) (w g : whole) : whole :=
  let a := nth p (fst w) 0%Z in
  let h := nth p (fst g) 0%Z in
  let r := if Z.eqb h 0 then g else mixed (Z.abs a) (- (Z.sgn a * h)) g w in
  reduce (drop_nth p (fst r), snd r).

Lemma content_divides : forall w a, In a (snd w :: fst w) -> (content w | a)%Z.
Proof.
  intros [l b] a. unfold content. cbn [fst snd]. induction l as [|k l IH]; intro I; simpl in *.
  - destruct I as [I|[]]. subst. apply Z.divide_refl.
  - destruct I as [I|[I|I]].
    + apply Z.divide_trans with (fold_right Z.gcd b l); [apply Z.gcd_divide_r | apply IH; auto].
    + subst. apply Z.gcd_divide_l.
    + apply Z.divide_trans with (fold_right Z.gcd b l); [apply Z.gcd_divide_r | apply IH; auto].
Qed.

Lemma value_reduce : forall w, exists k, 0 < k /\
  forall x, value (of_whole w) x == k * value (of_whole (reduce w)) x.
Proof.
  intro w. unfold reduce. destruct (Z.leb_spec (content w) 1) as [L|L].
  - exists 1. split; [lra|]. intro x. ring.
  - exists (inject_Z (content w)). split; [apply Z.lt_trans with (n := 0%Z) in L; [|lia];
      rewrite Zlt_Qlt in L; exact L|].
    intro x. unfold value, of_whole. cbn [fst snd].
    assert (E : forall a, In a (snd w :: fst w) ->
              inject_Z a == inject_Z (content w) * inject_Z (a / content w)).
    { intros a I. rewrite <- inject_Z_mult. destruct (content_divides w a I) as [q Q].
      rewrite Q at 1 2. rewrite Z.div_mul by lia. rewrite Z.mul_comm. reflexivity. }
    assert (D : forall l, (forall a, In a l -> In a (snd w :: fst w)) -> forall y,
              dot (map inject_Z l) y ==
              inject_Z (content w) * dot (map inject_Z (map (fun a => a / content w)%Z l)) y).
    { induction l as [|a l IH]; intros I y; simpl; [ring|]. destruct y as [|z y]; [ring|].
      rewrite IH by (intros; apply I; right; assumption).
      rewrite (E a) by (apply I; left; reflexivity). ring. }
    rewrite (D (fst w)) by (intros; right; assumption). rewrite (E (snd w)) by (left; reflexivity). ring.
Qed.

Lemma map_drop_nth : forall (A B : Type) (g : A -> B) p l, map g (drop_nth p l) = drop_nth p (map g l).
Proof. induction p; intros [|a l]; simpl; [reflexivity | reflexivity | reflexivity|]. f_equal. apply IHp. Qed.

Lemma nth_mixed : forall a b c d p,
  nth p (mixed_coefficients a b c d) 0%Z = (a * nth p c 0 + b * nth p d 0)%Z.
Proof.
  assert (M : forall a l p, nth p (map (Z.mul a) l) 0%Z = (a * nth p l 0)%Z).
  { intros a l p. replace 0%Z with (a * 0)%Z at 1 by ring. apply map_nth. }
  intros a b. induction c as [|x c IH]; intros d p; cbn [mixed_coefficients].
  - rewrite M. destruct p; simpl; lia.
  - destruct d as [|y d]; [rewrite M; destruct p; simpl; lia|].
    destruct p; simpl; [reflexivity | apply IH].
Qed.

Lemma coefficient_whole : forall p w, coefficient p (of_whole w) = inject_Z (nth p (fst w) 0%Z).
Proof. intros. unfold coefficient, of_whole. cbn [fst]. apply (map_nth inject_Z). Qed.

Lemma value_restrict_ints : forall p w g x, (p < length x)%nat -> nth p (fst w) 0%Z <> 0%Z ->
  value (of_whole w) x == 0 ->
  exists k, 0 < k /\ value (of_whole g) x == k * value (of_whole (restrict_ints p w g)) (drop_nth p x).
Proof.
  intros p w g x L A Z. unfold restrict_ints.
  set (a := nth p (fst w) 0%Z) in *. set (h := nth p (fst g) 0%Z).
  set (r := if Z.eqb h 0 then g else mixed (Z.abs a) (- (Z.sgn a * h)) g w).
  assert (N : nth p (fst r) 0%Z = 0%Z).
  { unfold r. destruct (Z.eqb_spec h 0) as [H|H]; [exact H|]. unfold mixed. cbn [fst].
    rewrite nth_mixed. fold a h. rewrite <- Z.sgn_abs. ring. }
  assert (V : exists k, 0 < k /\ k * value (of_whole g) x == value (of_whole r) x).
  { unfold r. destruct (Z.eqb_spec h 0) as [H|H]; [exists 1; split; [lra | ring]|].
    exists (inject_Z (Z.abs a)). split.
    - assert (0 < Z.abs a)%Z by lia. rewrite Zlt_Qlt in H0. exact H0.
    - rewrite value_mixed, Z. ring. }
  destruct V as [k [K V]]. destruct (value_reduce (drop_nth p (fst r), snd r)) as [m [M R]].
  assert (D : value (of_whole r) x ==
              value (of_whole (drop_nth p (fst r), snd r)) (drop_nth p x)).
  { unfold value, of_whole. cbn [fst snd]. rewrite (dot_drop p (map inject_Z (fst r)) x L).
    rewrite map_drop_nth. change 0 with (inject_Z 0) at 1. rewrite map_nth, N. ring. }
  exists (m / k). split; [apply Qlt_shift_div_l; lra|].
  rewrite R in D. rewrite D in V.
  setoid_replace (value (of_whole g) x) with
    (k * value (of_whole g) x / k) by (field; lra).
  rewrite V. field. lra.
Qed.
