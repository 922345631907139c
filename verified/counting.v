(* Functions that add no region: constants, multiples of others; and the order of functions. *)
Require Import QArith NArith List Lia Lqa.
From Verified Require Import spec affine opens flats deletion.
Import ListNotations.

(* Sets without functions, and functions whose states follow from those of others. *)

Definition nonempty (n : nat) (P : list affine) : Prop := exists x, length x = n /\ holds P x.

Lemma meets_nonempty : forall n P fs v, meets n P fs v -> nonempty n P.
Proof.
  intros n P fs v [b [L [B H]]]. destruct (box_has_point b B) as [x Hx]. exists x.
  split; [rewrite (in_box_length _ _ Hx); assumption | apply H; assumption].
Qed.

Lemma number_of_one : forall n P, nonempty n P -> how_many (meets n P []) 1.
Proof.
  intros n P [x [L H]]. exists [[]]. split; [|split].
  - constructor; [intros [] | constructor].
  - reflexivity.
  - intro v. split.
    + intros [E|[]]. subst v. apply point_meets with (x := x); auto. constructor.
    + intro M. left. apply meets_length in M. destruct v; [reflexivity | discriminate].
Qed.

Lemma number_of_none : forall n P fs, ~ nonempty n P -> how_many (meets n P fs) 0.
Proof.
  intros n P fs E. exists []. split; [constructor|]. split; [reflexivity|]. intro v.
  split; [intros [] | intro M; exfalso; apply E; eapply meets_nonempty; exact M].
Qed.

Lemma number_nonempty : forall n P fs m, how_many (meets n P fs) m -> (0 < m)%N -> nonempty n P.
Proof.
  intros n P fs m [l [_ [L E]]] M. destruct l as [|v l]; [simpl in L; lia|].
  apply meets_nonempty with (fs := fs) (v := v). apply E. left. reflexivity.
Qed.

(* If the other states determine that of f, it adds no region. *)
Lemma determined : forall n P f fs m (h : list bool -> bool),
  (forall b v, length b = n -> positive_size b ->
    (forall x, in_box b x -> holds P x /\ signs fs x = v) ->
    forall x, in_box b x -> on (value f x) = h v) ->
  how_many (meets n P fs) m -> how_many (meets n P (f :: fs)) m.
Proof.
  intros n P f fs m h H. apply number_map with (g := fun v => h v :: v) (h := @tl bool).
  - intros v M. split; [|reflexivity]. destruct M as [b [L [B K]]]. exists b.
    split; [assumption|]. split; [assumption|]. intros x Hx. destruct (K x Hx) as [HP S].
    split; [assumption|]. simpl. f_equal; [|assumption]. apply (H b); assumption.
  - intros w [b [L [B K]]].
    assert (M : meets n P fs (tl w)).
    { exists b. split; [assumption|]. split; [assumption|]. intros x Hx. destruct (K x Hx) as [HP S].
      split; [assumption|]. rewrite <- S. reflexivity. }
    split; [assumption|].
    destruct (box_has_point b B) as [x Hx]. destruct (K x Hx) as [_ S]. rewrite <- S. simpl. f_equal.
    symmetry. apply (H b); auto. intros y Hy. destruct (K y Hy) as [HP Sy]. split; [assumption|].
    rewrite <- Sy in S. simpl in S. congruence.
Qed.

(* A constant function. *)
Lemma constant_adds_none : forall n P f fs m, nonzero_coefficient (firstn n (fst f)) = false ->
  how_many (meets n P fs) m -> how_many (meets n P (f :: fs)) m.
Proof.
  intros n P f fs m C. apply determined with (h := fun _ => on (snd f)).
  intros b v L _ _ x Hx. apply on_eq. unfold value.
  assert (Z : value (fst f, 0) x == 0).
  { apply value_not_nonzero. unfold nonzero. simpl. rewrite (in_box_length _ _ Hx), L, C. reflexivity. }
  unfold value in Z. simpl in Z. lra.
Qed.

(* A multiple of another function, which is not zero everywhere. *)
Lemma multiple_adds_none : forall n P f fs m g q, In g fs -> nonzero n g = true -> ~ q == 0 ->
  (forall x, length x = n -> value f x == q * value g x) ->
  how_many (meets n P fs) m -> how_many (meets n P (f :: fs)) m.
Proof.
  intros n P f fs m g q I NZ Q V. destruct (In_nth fs g zero I) as [i [Li Ni]].
  set (state := fun v => nth i v false).
  apply determined with (h := fun v => if Qle_bool q 0 then negb (state v) else state v).
  intros b v L B H x Hx.
  assert (G : forall y, in_box b y -> on (value g y) = state v).
  { intros y Hy. destruct (H y Hy) as [_ S]. unfold state. rewrite <- S. unfold signs.
    rewrite nth_indep with (d' := on (value zero y)) by (rewrite map_length; assumption).
    rewrite (map_nth (fun f => on (value f y))), Ni. reflexivity. }
  rewrite <- L in NZ. pose proof (strict_on_box b g (state v) NZ G x Hx) as S.
  assert (E : value f x == q * value g x)
    by (apply V; rewrite (in_box_length _ _ Hx); assumption).
  destruct (Qle_bool q 0) eqn:D.
  - apply Qle_bool_iff in D. destruct (state v); simpl in *; rewrite ?value_minus in S.
    + apply on_false. nra.
    + apply on_true. assert (q < 0) by (destruct (Qle_lt_or_eq _ _ D); [assumption | contradiction]).
      nra.
  - assert (0 < q) by (apply Qnot_le_lt; rewrite <- Qle_bool_iff; congruence).
    destruct (state v); simpl in *; rewrite ?value_minus in S; [apply on_true | apply on_false]; nra.
Qed.

(* A zero function beside another one. *)
Lemma zero_adds_none : forall n P f fs m, nonzero n f = false ->
  how_many (meets n P fs) m -> how_many (meets n P (f :: fs)) m.
Proof.
  intros n P f fs m Z. apply constant_adds_none. unfold nonzero in Z. apply orb_false_elim in Z. tauto.
Qed.

(* The order of the functions does not matter. *)

Lemma parts_of_list : forall (A : Type) (l r : list A) a d,
  firstn (length l) (l ++ r) = l /\ skipn (length l) (l ++ r) = r /\
  nth (length l) (l ++ a :: r) d = a /\ firstn (length l) (l ++ a :: r) = l /\
  skipn (S (length l)) (l ++ a :: r) = r.
Proof.
  induction l as [|b l IH]; intros r a d; simpl; [auto|].
  destruct (IH r a d) as [E1 [E2 [E3 [E4 E5]]]]. simpl in E5. rewrite E1, E2, E3, E4. auto.
Qed.

Lemma number_middle : forall n P l f r m, how_many (meets n P (f :: l ++ r)) m ->
  how_many (meets n P (l ++ f :: r)) m.
Proof.
  intros n P l f r m. set (k := length l).
  assert (Sides : forall b v, positive_size b ->
            (forall x, in_box b x -> holds P x /\ signs (l ++ r) x = v) ->
            exists u w, length u = k /\ v = u ++ w /\
              forall x, in_box b x -> signs l x = u /\ signs r x = w).
  { intros b v B H. destruct (box_has_point b B) as [z Hz].
    exists (signs l z), (signs r z). split; [apply map_length|].
    assert (E : forall x, signs (l ++ r) x = signs l x ++ signs r x) by (intro; apply map_app).
    destruct (H z Hz) as [_ Sz]. rewrite E in Sz. split; [congruence|]. intros x Hx.
    destruct (H x Hx) as [_ S]. rewrite E, <- Sz in S.
    destruct (parts_of_list _ (signs l x) (signs r x) true true) as [F1 [F2 _]].
    destruct (parts_of_list _ (signs l z) (signs r z) true true) as [G1 [G2 _]].
    rewrite S in F1, F2.
    assert (L : length (signs l x) = length (signs l z)) by (unfold signs; rewrite !map_length; auto).
    rewrite L in F1, F2. split; congruence. }
  apply number_map with (g := fun v => firstn k (tl v) ++ hd false v :: skipn k (tl v))
                        (h := fun w => nth k w false :: firstn k w ++ skipn (S k) w).
  - intros v [b [L [B H]]]. destruct (box_has_point b B) as [z Hz].
    destruct v as [|s v]; [destruct (H z Hz) as [_ S]; discriminate|].
    assert (H' : forall x, in_box b x -> on (value f x) = s /\ (holds P x /\ signs (l ++ r) x = v))
      by (intros x Hx; destruct (H x Hx) as [HP S]; injection S; auto).
    destruct (Sides b v B) as [u [w [Lu [E R]]]]; [intros x Hx; apply H'; assumption|].
    cbn [tl hd]. subst v. rewrite <- Lu.
    destruct (parts_of_list _ u w s false) as [E1 [E2 [E3 [E4 E5]]]]. rewrite E1, E2. split.
    + exists b. split; [assumption|]. split; [assumption|]. intros x Hx.
      split; [apply H; assumption|]. destruct (R x Hx) as [R1 R2], (H' x Hx) as [R3 _].
      unfold signs in *. rewrite map_app. simpl. congruence.
    + rewrite E3, E4, E5. reflexivity.
  - intros w [b [L [B H]]]. destruct (box_has_point b B) as [z Hz].
    assert (E : forall x, signs (l ++ f :: r) x = signs l x ++ on (value f x) :: signs r x)
      by (intro; apply map_app).
    assert (Lk : forall x, length (signs l x) = k) by (intro; apply map_length).
    assert (K : forall x, in_box b x -> holds P x /\ signs l x = firstn k w /\
                on (value f x) = nth k w false /\ signs r x = skipn (S k) w).
    { intros x Hx. destruct (H x Hx) as [HP S]. rewrite E in S. split; [assumption|].
      destruct (parts_of_list _ (signs l x) (signs r x) (on (value f x)) false)
        as [_ [_ [E3 [E4 E5]]]].
      rewrite (Lk x), S in E3, E4, E5. auto. }
    cbn [tl hd]. split.
    + exists b. split; [assumption|]. split; [assumption|]. intros x Hx.
      destruct (K x Hx) as [HP [K1 [K2 K3]]]. split; [assumption|].
      unfold signs in *. cbn [map]. rewrite map_app. congruence.
    + destruct (K z Hz) as [_ [K1 [K2 K3]]], (H z Hz) as [_ S].
      rewrite <- K1, <- K2, <- K3, <- (Lk z).
      destruct (parts_of_list _ (signs l z) (signs r z) true true) as [E1 [E2 _]].
      rewrite E1, E2, <- E. assumption.
Qed.
