(* Open boxes, and the cells that strict inequalities cut out. *)
Require Import QArith Qabs Qminmax List Lia Lqa.
From Verified Require Import spec affine.
Import ListNotations.

(* The cell of a list of functions: where all of them are > 0. *)
Definition holds (fs : list affine) (x : point) : Prop := Forall (fun f => 0 < value f x) fs.

Lemma in_box_length : forall b x, in_box b x -> length x = length b.
Proof. induction 1; simpl; congruence. Qed.

Lemma box_has_point : forall b, positive_size b -> exists x, in_box b x.
Proof.
  induction 1 as [|[lo hi] b H _ [x Hx]].
  - exists []. constructor.
  - exists ((lo + hi) * (1 # 2) :: x). constructor; [|assumption]. simpl in *. lra.
Qed.

(* A linear function that is not zero has no least value on an open box. *)
Lemma box_lower : forall b x c, in_box b x -> nonzero_coefficient (firstn (length b) c) = true ->
  exists y, in_box b y /\ dot c y < dot c x.
Proof.
  intros b x c H. revert c.
  induction H as [|[lo hi] a b x Ha Hb IH]; intros c Hc; [discriminate|].
  destruct c as [|k c]; [discriminate|]. simpl in *.
  destruct (Qeq_bool k 0) eqn:E; simpl in Hc.
  - destruct (IH c Hc) as [y [Hy Hd]]. exists (a :: y). split; [constructor; assumption|]. simpl. lra.
  - assert (K : ~ k == 0) by (rewrite <- Qeq_bool_iff; congruence).
    destruct (Qlt_le_dec 0 k) as [P|P].
    + exists ((lo + a) * (1 # 2) :: x). split; [constructor; simpl; [lra | assumption]|]. simpl. nra.
    + exists ((hi + a) * (1 # 2) :: x). split; [constructor; simpl; [lra | assumption]|]. simpl.
      assert (k < 0) by (destruct (Qle_lt_or_eq _ _ P); [assumption | contradiction]). nra.
Qed.

(* What is >= 0 on an open box, and not zero, is > 0 there. *)
Lemma positive_on_box : forall b f, (forall x, in_box b x -> 0 <= value f x) ->
  nonzero (length b) f = true -> forall x, in_box b x -> 0 < value f x.
Proof.
  intros b f H N x Hx. apply Qnot_le_lt. intro L. unfold nonzero in N.
  destruct (nonzero_coefficient (firstn (length b) (fst f))) eqn:E; simpl in N.
  - destruct (box_lower b x (fst f) Hx E) as [y [Hy Hd]].
    specialize (H y Hy). unfold value in *. lra.
  - assert (Z : dot (fst f) x == 0).
    { rewrite <- (in_box_length _ _ Hx) in E. clear - E. revert x E.
      induction (fst f) as [|k c IH]; intros x E; [reflexivity|]. destruct x as [|a x]; [reflexivity|].
      simpl in *. apply orb_false_elim in E. destruct E as [Ek Ec].
      apply negb_false_iff, Qeq_bool_iff in Ek. rewrite (IH x Ec), Ek. ring. }
    apply negb_true_iff in N. specialize (H x Hx). unfold value in *. rewrite Z in *.
    assert (snd f == 0) by lra. apply Qeq_bool_iff in H0. congruence.
Qed.

(* Around a point of a cell there is a box inside the cell. *)

Definition around (r : Q) (x : point) : box := map (fun a => (a - r, a + r)) x.

Fixpoint norm (c : list Q) : Q :=
  match c with
  | [] => 0
  | a :: c' => Qabs a + norm c'
  end.

Lemma norm_nonneg : forall c, 0 <= norm c.
Proof. induction c; simpl; [lra|]. pose proof (Qabs_nonneg a). lra. Qed.

Lemma around_positive : forall r x, 0 < r -> positive_size (around r x).
Proof. induction x; intro H; constructor; simpl; [lra | apply IHx; assumption]. Qed.

Lemma around_self : forall r x, 0 < r -> in_box (around r x) x.
Proof. induction x; intro H; constructor; simpl; [lra | apply IHx; assumption]. Qed.

Lemma around_le : forall r s x y, r <= s -> in_box (around r x) y -> in_box (around s x) y.
Proof.
  intros r s x. induction x; intros y L H; inversion H; subst; constructor; simpl in *; [lra|].
  apply IHx; assumption.
Qed.

Lemma dot_around : forall c r x y, 0 < r -> in_box (around r x) y ->
  dot c x - r * norm c <= dot c y.
Proof.
  induction c as [|k c IH]; intros r x y P H; simpl; [lra|].
  pose proof (norm_nonneg c). pose proof (Qabs_nonneg k).
  destruct x as [|a x]; inversion H as [|u z v y' Hz Hy]; subst; simpl; [nra|].
  simpl in *. specialize (IH r x y' P Hy).
  assert (- (r * Qabs k) <= k * z - k * a).
  { destruct (Qlt_le_dec k 0).
    - rewrite Qabs_neg by lra. nra.
    - rewrite Qabs_pos by lra. nra. }
  lra.
Qed.

Lemma radius : forall fs x, holds fs x ->
  exists r, 0 < r /\ forall y, in_box (around r x) y -> holds fs y.
Proof.
  induction 1 as [|f fs Hf _ [s [Ps Hs]]].
  - exists 1. split; [lra|]. constructor.
  - pose proof (norm_nonneg (fst f)) as N.
    set (t := value f x / (norm (fst f) + 1)).
    assert (Pt : 0 < t) by (apply Qlt_shift_div_l; lra).
    assert (T : t * (norm (fst f) + 1) == value f x) by (unfold t; field; lra).
    exists (Qmin s t). assert (M : 0 < Qmin s t) by (apply Q.min_glb_lt; assumption).
    split; [assumption|]. intros y Hy. constructor.
    + pose proof (around_le _ _ _ _ (Q.le_min_r s t) Hy) as Ht.
      pose proof (dot_around (fst f) t x y Pt Ht). unfold value in *. lra.
    + apply Hs. eapply around_le; [apply Q.le_min_l | exact Hy].
Qed.

Lemma cell_is_open : forall fs x, holds fs x ->
  exists b, length b = length x /\ positive_size b /\ in_box b x /\
    forall y, in_box b y -> holds fs y.
Proof.
  intros fs x H. destruct (radius fs x H) as [r [P Hr]]. exists (around r x).
  repeat split; auto using around_positive, around_self. unfold around. apply map_length.
Qed.
