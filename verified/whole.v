(* Affine functions with integer coefficients. A function is > 0 where a positive multiple of it is; so
   the checker takes multiples whose coefficients are integers, and needs no fractions. *)
Require Import QArith ZArith List Lia Lqa.
From Verified Require Import spec affine.
Import ListNotations.

Definition whole := (list Z * Z)%type.

Definition of_whole (w : whole) : affine := (map inject_Z (fst w), inject_Z (snd w)).

(* A common denominator. *)
Definition common (l : list Q) : Z := fold_right (fun q d => Z.lcm (Zpos (Qden q)) d) 1%Z l.

(* d q, if d is a multiple of the denominator. *)
Definition numerator (d : Z) (q : Q) : Z :=
  if Pos.eqb (Qden q) 1 then (d * Qnum q)%Z else (d / Zpos (Qden q) * Qnum q)%Z.

(* The function times its common denominator. *)
Definition clear (f : affine) : whole :=
  let d := common (snd f :: fst f) in (map (numerator d) (fst f), numerator d (snd f)).

Lemma common_positive : forall l, (0 < common l)%Z.
Proof.
  induction l as [|q l IH]; simpl; [lia|].
  pose proof (Z.lcm_nonneg (Zpos (Qden q)) (common l)) as N.
  destruct (Z.eq_dec (Z.lcm (Zpos (Qden q)) (common l)) 0) as [E|E]; [|lia].
  apply Z.lcm_eq_0 in E. destruct E as [E|E]; [discriminate | lia].
Qed.

Lemma common_multiple : forall l q, In q l -> (Zpos (Qden q) | common l)%Z.
Proof.
  induction l as [|p l IH]; intros q I; [destruct I|]. simpl. destruct I as [I|I].
  - subst. apply Z.divide_lcm_l.
  - apply Z.divide_trans with (common l); [auto | apply Z.divide_lcm_r].
Qed.

Lemma numerator_value : forall d q, (Zpos (Qden q) | d)%Z -> inject_Z (numerator d q) == inject_Z d * q.
Proof.
  intros d q [k E]. unfold numerator. destruct (Pos.eqb_spec (Qden q) 1) as [O|_].
  - unfold Qeq. simpl. rewrite O. lia.
  - subst d. rewrite Z.div_mul by discriminate. unfold Qeq. simpl. lia.
Qed.

Lemma value_clear : forall f x,
  value (of_whole (clear f)) x == inject_Z (common (snd f :: fst f)) * value f x.
Proof.
  intros f x. unfold value, of_whole, clear. set (d := common (snd f :: fst f)). cbn [fst snd].
  rewrite numerator_value by (apply common_multiple; left; reflexivity).
  assert (D : forall c, (forall q, In q c -> (Zpos (Qden q) | d)%Z) -> forall y,
              dot (map inject_Z (map (numerator d) c)) y == inject_Z d * dot c y).
  { induction c as [|a c IH]; intros H y; simpl; [ring|]. destruct y as [|b y]; [ring|].
    rewrite numerator_value by (apply H; left; reflexivity).
    rewrite IH by (intros; apply H; right; assumption). ring. }
  rewrite D by (intros; apply common_multiple; right; assumption). ring.
Qed.

Lemma clear_factor : forall f, 0 < inject_Z (common (snd f :: fst f)).
Proof. intro f. rewrite <- (Zlt_Qlt 0). apply common_positive. Qed.

Lemma clear_positive : forall f x, 0 < value (of_whole (clear f)) x <-> 0 < value f x.
Proof. intros f x. rewrite value_clear. pose proof (clear_factor f). split; intro; nra. Qed.

Lemma clear_nonneg : forall f x, 0 <= value (of_whole (clear f)) x <-> 0 <= value f x.
Proof. intros f x. rewrite value_clear. pose proof (clear_factor f). split; intro; nra. Qed.

Lemma clear_coefficient : forall p f,
  inject_Z (nth p (fst (clear f)) 0%Z) == inject_Z (common (snd f :: fst f)) * nth p (fst f) 0.
Proof.
  intros p f. unfold clear. set (d := common (snd f :: fst f)). cbn [fst].
  replace (nth p (map (numerator d) (fst f)) 0%Z) with (numerator d (nth p (fst f) 0)).
  2: { rewrite <- (map_nth (numerator d)). f_equal. unfold numerator. simpl. ring. }
  apply numerator_value. destruct (Nat.lt_ge_cases p (length (fst f))) as [L|L].
  - apply common_multiple. right. apply nth_In. assumption.
  - rewrite nth_overflow by assumption. apply Z.divide_1_l.
Qed.

(* a f + b g *)
Fixpoint mixed_coefficients (a b : Z) (c d : list Z) : list Z :=
  match c, d with
  | [], _ => map (Z.mul b) d
  | _, [] => map (Z.mul a) c
  | x :: c', y :: d' => (a * x + b * y)%Z :: mixed_coefficients a b c' d'
  end.

Definition mixed (a b : Z) (f g : whole) : whole :=
  (mixed_coefficients a b (fst f) (fst g), (a * snd f + b * snd g)%Z).

Lemma dot_scaled : forall b d x,
  dot (map inject_Z (map (Z.mul b) d)) x == inject_Z b * dot (map inject_Z d) x.
Proof.
  induction d as [|y d IH]; intro x; simpl; [ring|]. destruct x as [|z x]; [ring|].
  rewrite IH, inject_Z_mult. ring.
Qed.

Lemma value_mixed : forall a b f g x, value (of_whole (mixed a b f g)) x ==
  inject_Z a * value (of_whole f) x + inject_Z b * value (of_whole g) x.
Proof.
  intros a b f g x. unfold value, of_whole, mixed. cbn [fst snd].
  assert (D : forall c d y, dot (map inject_Z (mixed_coefficients a b c d)) y ==
              inject_Z a * dot (map inject_Z c) y + inject_Z b * dot (map inject_Z d) y).
  { induction c as [|k c IH]; intros d y; cbn [mixed_coefficients].
    - rewrite dot_scaled. simpl. ring.
    - destruct d as [|m d]; [rewrite dot_scaled; simpl; ring|].
      simpl. destruct y as [|z y]; [ring|]. rewrite IH, inject_Z_plus, !inject_Z_mult. ring. }
  rewrite D, inject_Z_plus, !inject_Z_mult. ring.
Qed.

Definition opposite (f : whole) : whole := mixed (-1) 0 f ([], 0%Z).

Lemma value_opposite : forall f x, value (of_whole (opposite f)) x == - value (of_whole f) x.
Proof. intros. unfold opposite. rewrite value_mixed. change (inject_Z 0) with 0. simpl. ring. Qed.

(* Has it no coefficient? *)
Definition whole_constant (f : whole) : bool := forallb (Z.eqb 0) (fst f).

Lemma value_whole_constant : forall f x, whole_constant f = true ->
  value (of_whole f) x == inject_Z (snd f).
Proof.
  intros f x H. unfold value, of_whole, whole_constant in *. cbn [fst snd].
  assert (D : dot (map inject_Z (fst f)) x == 0); [|rewrite D; ring].
  revert x H. induction (fst f) as [|k c IH]; intros x H; [reflexivity|].
  cbn [forallb map dot] in *.
  apply andb_prop in H. destruct H as [K H]. destruct x as [|z x]; [reflexivity|].
  apply Z.eqb_eq in K. subst k. rewrite IH by assumption. change (inject_Z 0) with 0. ring.
Qed.

(* The value at a point with the coordinates xs / d, times d. *)
Fixpoint whole_dot (c xs : list Z) : Z :=
  match c, xs with
  | a :: c', x :: xs' => (a * x + whole_dot c' xs')%Z
  | _, _ => 0%Z
  end.

Lemma whole_dot_value : forall d c x, (forall q, In q x -> (Zpos (Qden q) | d)%Z) ->
  inject_Z (whole_dot c (map (numerator d) x)) == inject_Z d * dot (map inject_Z c) x.
Proof.
  intros d. induction c as [|a c IH]; intros x H; simpl; [ring|]. destruct x as [|q x]; simpl; [ring|].
  rewrite inject_Z_plus, inject_Z_mult, IH by (intros; apply H; right; assumption).
  rewrite numerator_value by (apply H; left; reflexivity). ring.
Qed.

Definition positive_at (d : Z) (xs : list Z) (w : whole) : bool :=
  Z.ltb 0 (whole_dot (fst w) xs + d * snd w).

Lemma positive_at_point : forall x w, positive_at (common x) (map (numerator (common x)) x) w = true ->
  0 < value (of_whole w) x.
Proof.
  intros x w H. unfold positive_at in H. apply Z.ltb_lt in H. rewrite Zlt_Qlt in H.
  rewrite inject_Z_plus, inject_Z_mult, whole_dot_value in H by apply common_multiple.
  pose proof (common_positive x) as P. rewrite Zlt_Qlt in P. unfold value, of_whole. cbn [fst snd].
  change (inject_Z 0) with 0 in *. apply Qnot_le_lt. intro L. nra.
Qed.
