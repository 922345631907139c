(* How many regions an open convex set has, cut by the zero sets of functions: deletion and
   restriction. *)
Require Import QArith NArith List Lia Lqa.
From Verified Require Import spec affine opens flats.
Import ListNotations.

(* Exactly m lists have the property R. *)
Definition how_many {A : Type} (R : A -> Prop) (m : N) : Prop :=
  exists l, NoDup l /\ N.of_nat (length l) = m /\ forall a, In a l <-> R a.

(* The states of units with the functions fs at x. *)
Definition signs (fs : list affine) (x : point) : list bool := map (fun f => on (value f x)) fs.

(* Some open box of dimension n lies in the set where the functions of P are > 0, and the units with
   the functions fs have the states v in all of it. *)
Definition meets (n : nat) (P fs : list affine) (v : list bool) : Prop :=
  exists b, length b = n /\ positive_size b /\
    forall x, in_box b x -> holds P x /\ signs fs x = v.

Lemma meets_length : forall n P fs v, meets n P fs v -> length v = length fs.
Proof.
  intros n P fs v [b [_ [B H]]]. destruct (box_has_point b B) as [x Hx].
  destruct (H x Hx) as [_ S]. rewrite <- S. unfold signs. apply map_length.
Qed.

(* Lists *)

Lemma number_map : forall (A B : Type) (R : A -> Prop) (S : B -> Prop) (g : A -> B) (h : B -> A) m,
  (forall a, R a -> S (g a) /\ h (g a) = a) -> (forall b, S b -> R (h b) /\ g (h b) = b) ->
  how_many R m -> how_many S m.
Proof.
  intros A B R S g h m G H [l [N [L E]]]. exists (map g l). split; [|split].
  - clear L. assert (F : forall a, In a l -> h (g a) = a) by (intros a I; apply G, E; assumption).
    clear E. induction N as [|a l I N IH]; simpl; constructor.
    + intro J. apply in_map_iff in J. destruct J as [b [K J]]. apply I.
      rewrite <- (F a) by (left; reflexivity). rewrite <- K, F by (right; assumption). assumption.
    + apply IH. intros b J. apply F. right. assumption.
  - rewrite map_length. assumption.
  - intro b. rewrite in_map_iff. split.
    + intros [a [K I]]. subst b. apply G, E. assumption.
    + intro K. destruct (H b K) as [R' Q]. exists (h b). split; [assumption|]. apply E. assumption.
Qed.

Lemma NoDup_of_map : forall (A B : Type) (g : A -> B) l, NoDup (map g l) -> NoDup l.
Proof.
  induction l as [|a l IH]; intro H; [constructor|]. inversion H as [|? ? I N]; subst. constructor.
  - intro J. apply I, in_map. assumption.
  - apply IH. assumption.
Qed.

Lemma NoDup_same : forall (A B : Type) (g : A -> B) l a b, NoDup (map g l) -> In a l -> In b l ->
  g a = g b -> a = b.
Proof.
  induction l as [|c l IH]; intros a b N Ia Ib E; [destruct Ia|]. inversion N as [|? ? I N']; subst.
  destruct Ia as [Ia|Ia], Ib as [Ib|Ib]; subst; auto; exfalso; apply I.
  - rewrite E. apply in_map. assumption.
  - rewrite <- E. apply in_map. assumption.
Qed.

Lemma NoDup_app : forall (A : Type) (l m : list A), NoDup l -> NoDup m ->
  (forall a, In a l -> In a m -> False) -> NoDup (l ++ m).
Proof.
  intros A l m Hl Hm D. induction Hl as [|a l Ha Hl IH]; simpl; [assumption|]. constructor.
  - rewrite in_app_iff. intros [I | I]; [contradiction|]. apply (D a); simpl; auto.
  - apply IH. intros b I J. apply (D b); simpl; auto.
Qed.

(* How many things have one of several properties, which a key tells apart. *)
Lemma number_sum : forall (A B K : Type) (R : A -> B -> Prop) (key : A -> K) (k : B -> K) l ms,
  Forall2 (fun a m => how_many (R a) m) l ms -> NoDup (map key l) ->
  (forall a b, In a l -> R a b -> k b = key a) ->
  how_many (fun b => exists a, In a l /\ R a b) (fold_right N.add 0%N ms).
Proof.
  intros A B K R key k.
  induction l as [|a l IH]; intros ms H N E; inversion H as [|? m ? ms' Ha Hl]; subst.
  - exists []. split; [constructor|]. split; [reflexivity|]. intro b.
    split; [intros [] | intros [a [[] _]]].
  - simpl in N. inversion N as [|? ? I N']; subst.
    destruct Ha as [la [Na [La Ea]]].
    destruct (IH ms' Hl N') as [lb [Nb [Lb Eb]]]; [intros; apply E; [right|]; assumption|].
    exists (la ++ lb). split; [|split].
    + apply NoDup_app; [assumption | assumption|]. intros b Ia Ib.
      apply Ea in Ia. apply Eb in Ib. destruct Ib as [a' [Ia' R']]. apply I.
      rewrite <- (E a b (or_introl eq_refl) Ia), (E a' b (or_intror Ia') R'). apply in_map. assumption.
    + rewrite app_length. simpl. lia.
    + intro b. rewrite in_app_iff, Ea, Eb. split.
      * intros [Rb | [a' [Ia' R']]]; [exists a; simpl; auto | exists a'; simpl; auto].
      * intros [a' [[I' | I'] R']]; [subst; left; assumption | right; exists a'; auto].
Qed.

(* One list s :: v for every v of l. *)
Lemma choose : forall (Q : list bool -> Prop) l, (forall v, In v l -> exists s, Q (s :: v)) ->
  exists ws, map (@tl bool) ws = l /\ (forall w, In w ws -> Q w /\ w <> []).
Proof.
  induction l as [|v l IH]; intro H.
  - exists []. split; [reflexivity|]. intros w [].
  - destruct (H v) as [s S]; [left; reflexivity|]. destruct IH as [ws [M W]].
    { intros u I. apply H. right. assumption. }
    exists ((s :: v) :: ws). split; [simpl; congruence|]. intros w [I|I]; [subst w|].
    + split; [assumption | discriminate].
    + apply W. assumption.
Qed.

(* A new entry has one state with the lists of R1, and both with those of R0. *)
Lemma number_doubled : forall (R R1 R0 : list bool -> Prop) m1 m0, how_many R1 m1 -> how_many R0 m0 ->
  (forall w, R w -> exists s v, w = s :: v /\ R1 v) ->
  (forall v, R1 v -> exists s, R (s :: v)) ->
  (forall v, R0 v -> R (true :: v) /\ R (false :: v)) ->
  (forall v, R (true :: v) -> R (false :: v) -> R0 v) ->
  how_many R (m1 + m0).
Proof.
  intros R R1 R0 m1 m0 [l1 [N1 [L1 E1]]] [l0 [N0 [L0 E0]]] Form One Two Both.
  destruct (choose R l1) as [w1 [M1 W1]]; [intros v I; apply One, E1; assumption|].
  assert (D1 : NoDup (map (@tl bool) w1)) by (rewrite M1; assumption).
  destruct (choose (fun w => R w /\ ~ In w w1) l0) as [w0 [M0 W0]].
  { intros v I. apply E0, Two in I. destruct I as [T F].
    destruct (in_dec (list_eq_dec Bool.bool_dec) (true :: v) w1) as [It|It]; [|eauto].
    destruct (in_dec (list_eq_dec Bool.bool_dec) (false :: v) w1) as [If|If]; [|eauto].
    pose proof (NoDup_same _ _ (@tl bool) _ _ _ D1 It If eq_refl). discriminate. }
  exists (w1 ++ w0). split; [|split].
  - apply NoDup_app.
    + apply NoDup_of_map with (g := @tl bool). assumption.
    + apply NoDup_of_map with (g := @tl bool). rewrite M0. assumption.
    + intros w I J. apply W0 in J. tauto.
  - rewrite app_length. rewrite <- M1 in L1. rewrite <- M0 in L0. rewrite map_length in L1, L0. lia.
  - intro w. rewrite in_app_iff. split.
    + intros [I|I]; [apply W1 | apply W0]; assumption.
    + intro H. destruct (Form w H) as [s [v [E K]]]. subst w. apply E1 in K. rewrite <- M1 in K.
      apply in_map_iff in K. destruct K as [[|s1 v1] [K I]]; [destruct (W1 _ I); congruence|].
      simpl in K. subst v1. destruct (Bool.bool_dec s s1) as [|Ns]; [subst; left; assumption|].
      right. destruct (W1 _ I) as [H1 _].
      assert (Z : In v l0) by (apply E0; destruct s, s1; try congruence; apply Both; assumption).
      rewrite <- M0 in Z. apply in_map_iff in Z. destruct Z as [[|s0 v0] [Z J]];
        [destruct (W0 _ J); congruence|].
      simpl in Z. subst v0. destruct (W0 _ J) as [[_ A] _].
      assert (s0 <> s1) by (intro; subst; contradiction).
      replace s with s0 by (destruct s, s0, s1; congruence). assumption.
Qed.

(* Functions that are not zero everywhere: a region has a point where none of them is zero. *)

Fixpoint sided (v : list bool) (fs : list affine) : list affine :=
  match v, fs with
  | s :: v', f :: fs' => signed s f :: sided v' fs'
  | _, _ => []
  end.

Definition all_nonzero (n : nat) (fs : list affine) : Prop := Forall (fun f => nonzero n f = true) fs.

Lemma nonzero_signed : forall n s f, nonzero n (signed s f) = nonzero n f.
Proof. intros n [|] f; simpl; [reflexivity | apply nonzero_minus]. Qed.

Lemma strict_on_box : forall b f s, nonzero (length b) f = true ->
  (forall y, in_box b y -> on (value f y) = s) -> forall x, in_box b x -> 0 < value (signed s f) x.
Proof.
  intros b f s NZ H x Hx. apply positive_on_box with (b := b); [| rewrite nonzero_signed |]; auto.
  intros y Hy. apply signed_on. auto.
Qed.

Lemma sided_on_box : forall b fs v, all_nonzero (length b) fs ->
  (forall y, in_box b y -> signs fs y = v) -> forall x, in_box b x -> holds (sided v fs) x.
Proof.
  intros b fs v NZ. revert v. induction NZ as [|f fs N NZ IH]; intros v H x Hx.
  - destruct v; constructor.
  - destruct v as [|s v]; [constructor|]. constructor.
    + apply strict_on_box with (b := b); [assumption | | assumption].
      intros y Hy. specialize (H y Hy). simpl in H. congruence.
    + apply IH; [|assumption]. intros y Hy. specialize (H y Hy). simpl in H. congruence.
Qed.

Lemma sided_signs : forall fs v x, length v = length fs -> holds (sided v fs) x -> signs fs x = v.
Proof.
  induction fs as [|f fs IH]; intros [|s v] x L H; try discriminate; [reflexivity|].
  simpl in *. inversion H; subst. f_equal; [apply signed_positive; assumption | apply IH; auto].
Qed.

Lemma point_meets : forall n P fs v x, length x = n -> length v = length fs -> holds P x ->
  holds (sided v fs) x -> meets n P fs v.
Proof.
  intros n P fs v x Lx Lv HP HS.
  destruct (cell_is_open (P ++ sided v fs) x) as [b [Lb [B [_ H]]]].
  { apply Forall_app. auto. }
  exists b. split; [congruence|]. split; [assumption|]. intros y Hy. specialize (H y Hy).
  apply Forall_app in H. destruct H. split; [assumption|]. apply sided_signs; assumption.
Qed.

Lemma meets_point : forall n P fs v, all_nonzero n fs -> meets n P fs v ->
  length v = length fs /\ exists x, length x = n /\ holds P x /\ holds (sided v fs) x.
Proof.
  intros n P fs v NZ M. split; [eapply meets_length; exact M|]. destruct M as [b [L [B H]]].
  destruct (box_has_point b B) as [x Hx]. exists x.
  split; [rewrite (in_box_length _ _ Hx); assumption|]. split; [apply H; assumption|].
  apply sided_on_box with (b := b); [congruence | | assumption]. intros y Hy. apply H. assumption.
Qed.

(* Near a point of an open set, f, which depends on a coordinate, is < 0 and > 0 if it is 0 there. *)
Lemma below_near : forall n f fs x, nonzero_coefficient (firstn n (fst f)) = true -> length x = n ->
  holds fs x -> exists y, length y = n /\ value f y < value f x /\ holds fs y.
Proof.
  intros n f fs x C L H. destruct (cell_is_open fs x H) as [b [Lb [_ [I Hb]]]].
  rewrite <- L, <- Lb in C. destruct (box_lower b x (fst f) I C) as [y [Hy D]]. exists y.
  split; [rewrite (in_box_length _ _ Hy); congruence|]. split; [unfold value; lra | auto].
Qed.

Lemma above_near : forall n f fs x, nonzero_coefficient (firstn n (fst f)) = true -> length x = n ->
  holds fs x -> exists y, length y = n /\ value f x < value f y /\ holds fs y.
Proof.
  intros n f fs x C L H. destruct (below_near n (minus f) fs x) as [y [Ly [D Hy]]]; auto.
  - rewrite <- C. simpl. clear. revert n. induction (fst f) as [|a c IH]; intros [|n]; simpl; auto.
    rewrite IH. f_equal. f_equal. apply eq_true_iff_eq. rewrite !Qeq_bool_iff. split; lra.
  - exists y. rewrite !value_minus in D. split; [assumption|]. split; [lra | assumption].
Qed.

Lemma holds_restrict : forall p f fs x, (p < length x)%nat -> ~ coefficient p f == 0 ->
  value f x == 0 -> (holds (map (restrict p f) fs) (drop_nth p x) <-> holds fs x).
Proof.
  intros p f fs x L A Z. unfold holds. rewrite Forall_map, !Forall_forall.
  split; intros H g I; specialize (H g I); rewrite value_restrict in *; assumption.
Qed.

Lemma sided_restrict : forall p f fs v x, (p < length x)%nat -> ~ coefficient p f == 0 ->
  value f x == 0 ->
  (holds (sided v (map (restrict p f) fs)) (drop_nth p x) <-> holds (sided v fs) x).
Proof.
  intros p f fs v x L A Z. revert v. induction fs as [|g fs IH]; intros [|s v]; simpl;
    try solve [split; intro; constructor].
  assert (E : value (signed s (restrict p f g)) (drop_nth p x) == value (signed s g) x).
  { destruct s; simpl; rewrite ?value_minus, value_restrict; auto; reflexivity. }
  unfold holds in *. split; intro H; inversion H; subst; constructor.
  - rewrite <- E. assumption.
  - apply IH. assumption.
  - rewrite E. assumption.
  - apply IH. assumption.
Qed.

(* Deletion and restriction. *)
Theorem deletion : forall n p P f fs m1 m0, (p < S n)%nat -> ~ coefficient p f == 0 ->
  all_nonzero n (map (restrict p f) fs) ->
  how_many (meets (S n) P fs) m1 ->
  how_many (meets n (map (restrict p f) P) (map (restrict p f) fs)) m0 ->
  how_many (meets (S n) P (f :: fs)) (m1 + m0).
Proof.
  intros n p P f fs m1 m0 p_le A NZ0 M1 M0.
  pose proof (coefficient_nonzero (S n) p f p_le A) as C.
  assert (NZ1 : all_nonzero (S n) fs).
  { unfold all_nonzero in *. rewrite Forall_map in NZ0. eapply Forall_impl; [|exact NZ0].
    intros g G. eapply restrict_nonzero; eassumption. }
  assert (NZ : all_nonzero (S n) (f :: fs)).
  { constructor; [|assumption]. unfold nonzero. rewrite C. reflexivity. }
  eapply number_doubled; [exact M1 | exact M0 | | | |].
  - intros w [b [L [B H]]]. destruct (box_has_point b B) as [x Hx].
    destruct (H x Hx) as [_ S]. simpl in S. eexists. eexists. split; [symmetry; exact S|].
    exists b. split; [assumption|]. split; [assumption|]. intros y Hy. destruct (H y Hy) as [P' S'].
    split; [assumption|]. rewrite <- S in S'. simpl in S'. congruence.
  - intros v M. destruct (meets_point _ _ _ _ NZ1 M) as [Lv [x [Lx [HP HS]]]].
    assert (T : holds (P ++ sided v fs) x) by (apply Forall_app; auto).
    destruct (Qlt_le_dec 0 (value f x)) as [F|F].
    + exists true. apply point_meets with (x := x); simpl; auto. constructor; assumption.
    + destruct (below_near (S n) f _ x C Lx T) as [y [Ly [D Hy]]]. apply Forall_app in Hy.
      destruct Hy. exists false. apply point_meets with (x := y); simpl; auto.
      constructor; [rewrite value_minus; lra | assumption].
  - intros v M. destruct (meets_point _ _ _ _ NZ0 M) as [Lv [y [Ly [HP HS]]]].
    rewrite map_length in Lv.
    destruct (lift p f y) as [x [Lx [Z D]]]; [lia | assumption|]. subst y.
    apply holds_restrict in HP; [| lia | assumption | assumption].
    apply sided_restrict in HS; [| lia | assumption | assumption].
    assert (T : holds (P ++ sided v fs) x) by (apply Forall_app; auto).
    assert (Lx' : length x = S n) by lia.
    split.
    + destruct (above_near (S n) f _ x C Lx' T) as [y [Ly' [D Hy]]]. apply Forall_app in Hy.
      destruct Hy. apply point_meets with (x := y); simpl; auto. constructor; [simpl; lra | assumption].
    + destruct (below_near (S n) f _ x C Lx' T) as [y [Ly' [D Hy]]]. apply Forall_app in Hy.
      destruct Hy. apply point_meets with (x := y); simpl; auto.
      constructor; [simpl; rewrite value_minus; lra | assumption].
  - intros v T F. apply meets_point in T; [|assumption]. apply meets_point in F; [|assumption].
    destruct T as [Lt [x [Lx [Px Sx]]]], F as [_ [y [Ly [Py Sy]]]]. simpl in *.
    inversion Sx as [|? ? Fx Sx']; subst. inversion Sy as [|? ? Fy Sy']; subst.
    rewrite value_minus in Fy.
    destruct (crossing f (P ++ sided v fs) x y) as [z [Lz [Z H]]];
      try (apply Forall_app; auto); [congruence | assumption | lra |].
    apply Forall_app in H. destruct H as [Pz Sz].
    apply point_meets with (x := drop_nth p z).
    + pose proof (length_drop _ p z). lia.
    + rewrite map_length. congruence.
    + apply holds_restrict; auto. lia.
    + apply sided_restrict; auto. lia.
Qed.
