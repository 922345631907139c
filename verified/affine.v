(* Affine functions: sums, multiples and compositions that the checker computes, and their values. *)
Require Import QArith Qreduction List Lia Lqa.
From Verified Require Import spec.
#[global] Arguments Qred : simpl never.
#[global] Arguments Qplus : simpl never.
#[global] Arguments Qmult : simpl never.
#[global] Arguments Qopp : simpl never.
Import ListNotations.

Lemma on_true : forall z, on z = true <-> 0 < z.
Proof.
  intro z. unfold on. destruct (Qle_bool z 0) eqn:E; simpl.
  - apply Qle_bool_iff in E. split; [discriminate | lra].
  - split; [|reflexivity]. intros _. apply Qnot_le_lt. rewrite <- Qle_bool_iff. congruence.
Qed.

Lemma on_false : forall z, on z = false <-> z <= 0.
Proof.
  intro z. destruct (on z) eqn:E; split; intro H; try reflexivity; try discriminate.
  - apply on_true in E. lra.
  - apply Qnot_lt_le. rewrite <- on_true. congruence.
Qed.

Lemma on_eq : forall a b, a == b -> on a = on b.
Proof.
  intros a b H. destruct (on b) eqn:E.
  - apply on_true in E. apply on_true. lra.
  - apply on_false in E. apply on_false. lra.
Qed.

(* Equal points have equal values and patterns. *)

Definition same_point := Forall2 Qeq.

Lemma dot_eq : forall c x y, same_point x y -> dot c x == dot c y.
Proof.
  induction c; intros x y H; simpl; [reflexivity|].
  destruct H; [reflexivity|]. rewrite H, (IHc _ _ H0). reflexivity.
Qed.

Lemma value_eq : forall f x y, same_point x y -> value f x == value f y.
Proof. intros. unfold value. rewrite (dot_eq _ _ _ H). reflexivity. Qed.

Lemma same_point_map : forall (A : Type) (g h : A -> Q) l,
  (forall a, In a l -> g a == h a) -> same_point (map g l) (map h l).
Proof.
  induction l; simpl; intro H; constructor.
  - apply H. auto.
  - apply IHl. auto.
Qed.

Lemma same_point_trans : forall x y z, same_point x y -> same_point y z -> same_point x z.
Proof.
  intros x y z H. revert z. induction H; intros z K; inversion K; subst; constructor.
  - eapply Qeq_trans; eassumption.
  - apply IHForall2. assumption.
Qed.

Lemma map_on_eq : forall x y, same_point x y -> map on x = map on y.
Proof. induction 1; simpl; [reflexivity|]. f_equal; auto using on_eq. Qed.

(* Sums and multiples, in lowest terms. Coefficients that are missing are zero. *)

Fixpoint add_coefficients (c d : list Q) : list Q :=
  match c, d with
  | [], _ => d
  | _, [] => c
  | a :: c', b :: d' => Qred (a + b) :: add_coefficients c' d'
  end.

Definition add (f g : affine) : affine :=
  (add_coefficients (fst f) (fst g), Qred (snd f + snd g)).

Definition times (y : Q) (f : affine) : affine :=
  (map (fun a => Qred (y * a)) (fst f), Qred (y * snd f)).

Definition zero : affine := ([], 0).

Definition minus (f : affine) : affine := (map Qopp (fst f), - snd f).

Lemma dot_add : forall c d x, dot (add_coefficients c d) x == dot c x + dot d x.
Proof.
  induction c; intros d x; simpl; [lra|].
  destruct d; simpl; [destruct x; lra|].
  destruct x; [lra|]. rewrite Qred_correct, IHc. ring.
Qed.

Lemma value_add : forall f g x, value (add f g) x == value f x + value g x.
Proof. intros. unfold value, add. simpl. rewrite Qred_correct, dot_add. ring. Qed.

Lemma dot_times : forall y c x, dot (map (fun a => Qred (y * a)) c) x == y * dot c x.
Proof.
  induction c; intro x; simpl; [lra|].
  destruct x; [lra|]. rewrite Qred_correct, IHc. ring.
Qed.

Lemma value_times : forall y f x, value (times y f) x == y * value f x.
Proof. intros. unfold value, times. simpl. rewrite Qred_correct, dot_times. ring. Qed.

Lemma value_zero : forall x, value zero x == 0.
Proof. reflexivity. Qed.

Lemma dot_opp : forall c x, dot (map Qopp c) x == - dot c x.
Proof.
  induction c; intro x; simpl; [lra|].
  destruct x; [lra|]. rewrite IHc. ring.
Qed.

Lemma value_minus : forall f x, value (minus f) x == - value f x.
Proof. intros. unfold value, minus. simpl. rewrite dot_opp. ring. Qed.

(* y_1 f_1 + ... + y_m f_m; multiples by zero are left out. *)
Fixpoint combination (y : list Q) (fs : list affine) : affine :=
  match y, fs with
  | a :: y', f :: fs' =>
      if Qeq_bool a 0 then combination y' fs' else add (times a f) (combination y' fs')
  | _, _ => zero
  end.

Lemma value_combination : forall y fs x,
  value (combination y fs) x == dot y (map (fun f => value f x) fs).
Proof.
  induction y; intros fs x; simpl; [reflexivity|].
  destruct fs as [|f fs]; simpl; [reflexivity|].
  destruct (Qeq_bool a 0) eqn:E.
  - apply Qeq_bool_iff in E. rewrite IHy, E. ring.
  - rewrite value_add, value_times, IHy. reflexivity.
Qed.

(* The function f of the values of fs, as a function of the point. *)
Definition compose (f : affine) (fs : list affine) : affine :=
  add (combination (fst f) fs) ([], snd f).

Lemma value_compose : forall f fs x,
  value (compose f fs) x == value f (map (fun g => value g x) fs).
Proof.
  intros. unfold compose. rewrite value_add, value_combination. unfold value at 2 3. simpl. lra.
Qed.

(* The coordinates of a point of dimension n, as functions. *)
Definition shift (f : affine) : affine := (0 :: fst f, snd f).

Fixpoint coordinates (n : nat) : list affine :=
  match n with
  | O => []
  | S m => ([1], 0) :: map shift (coordinates m)
  end.

Lemma value_shift : forall f a x, value (shift f) (a :: x) == value f x.
Proof. intros. unfold value, shift. simpl. lra. Qed.

Lemma coordinates_values : forall x,
  same_point (map (fun f => value f x) (coordinates (length x))) x.
Proof.
  induction x; simpl; constructor.
  - unfold value. simpl. lra.
  - rewrite map_map. eapply same_point_trans; [|exact IHx].
    apply same_point_map. intros. apply value_shift.
Qed.

(* Is f not the zero function of n coordinates? *)
Definition nonzero_coefficient (c : list Q) : bool := existsb (fun a => negb (Qeq_bool a 0)) c.
Definition nonzero (n : nat) (f : affine) : bool :=
  nonzero_coefficient (firstn n (fst f)) || negb (Qeq_bool (snd f) 0).
Definition constant (f : affine) : bool := negb (nonzero_coefficient (fst f)).

Lemma dot_zero : forall c x, nonzero_coefficient c = false -> dot c x == 0.
Proof.
  induction c; intros x H; simpl in *; [reflexivity|].
  destruct x; [reflexivity|]. apply orb_false_elim in H. destruct H as [Ha Hc].
  rewrite (IHc _ Hc). apply negb_false_iff, Qeq_bool_iff in Ha. rewrite Ha. ring.
Qed.

Lemma value_constant : forall f x, constant f = true -> value f x == snd f.
Proof.
  intros f x H. apply negb_true_iff in H. unfold value. rewrite (dot_zero _ _ H). ring.
Qed.

Lemma nonzero_minus : forall n f, nonzero n (minus f) = nonzero n f.
Proof.
  intros n f. unfold nonzero. simpl. f_equal.
  - revert n. induction (fst f) as [|a l IH]; intros [|n]; simpl; try reflexivity.
    rewrite IH. f_equal. f_equal. apply eq_true_iff_eq. rewrite !Qeq_bool_iff. split; lra.
  - f_equal. apply eq_true_iff_eq. rewrite !Qeq_bool_iff. split; lra.
Qed.

(* f, negated if the state of its unit is off: >= 0 wherever the unit has the state. *)
Definition signed (s : bool) (f : affine) : affine := if s then f else minus f.

Lemma signed_on : forall s f x, on (value f x) = s -> 0 <= value (signed s f) x.
Proof.
  intros [|] f x H; simpl.
  - apply on_true in H. lra.
  - apply on_false in H. rewrite value_minus. lra.
Qed.

Lemma signed_positive : forall s f x, 0 < value (signed s f) x -> on (value f x) = s.
Proof.
  intros [|] f x H; simpl in H.
  - apply on_true. assumption.
  - apply on_false. rewrite value_minus in H. lra.
Qed.
