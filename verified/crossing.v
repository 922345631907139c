(* The rules of the last switching layer: CROSS, SAME, COUNT. *)
Require Import QArith Qreduction NArith List Lia Lqa.
From Verified Require Import spec affine whole lower opens flats deletion counting arrangement slice
  checker cells.
Import ListNotations.

Definition has_point (dim : nat) (c : cell) : Prop := exists x, length x = dim /\ in_cell c x.

Lemma has_point_apart : forall dim c c', apart c' = apart c -> has_point dim c -> has_point dim c'.
Proof. intros dim c c' A [x [L H]]. exists x. unfold in_cell in *. rewrite A. auto. Qed.

(* Units *)

Lemma without_spec : forall k us f vs, without k us = Some (f, vs) ->
  exists l u r a b, us = (l ++ u :: r)%list /\ candidates u = [a; b] /\ comparison a b = f /\
    vs = (l ++ r)%list.
Proof.
  induction us as [|u us IH]; intros f vs H; simpl in H; [discriminate|].
  destruct (is_pair k u).
  - destruct (candidates u) as [|a [|b [|? ?]]] eqn:E; try discriminate. inversion H; subst.
    exists [], u, vs, a, b. auto.
  - destruct (without k us) as [[g ws]|]; [|discriminate]. inversion H; subst.
    destruct (IH f ws eq_refl) as [l [v [r [a [b [A [B [C D]]]]]]]]. exists (u :: l), v, r, a, b.
    subst. auto.
Qed.

Lemma pending_app : forall l r, pending (l ++ r) = (pending l ++ pending r)%list.
Proof.
  induction l as [|u l IH]; intro r; simpl; [reflexivity|].
  destruct (candidates u) as [|a [|b [|? ?]]]; auto. simpl. f_equal. apply IH.
Qed.

Lemma without_pending : forall k us f vs, without k us = Some (f, vs) ->
  exists l r, pending us = (l ++ f :: r)%list /\ pending vs = (l ++ r)%list.
Proof.
  intros k us f vs H. destruct (without_spec _ _ _ _ H) as [l [u [r [a [b [A [B [C D]]]]]]]].
  exists (pending l), (pending r). subst. rewrite !pending_app. simpl. rewrite B. auto.
Qed.

(* The states of all units of the layer from those of the pending ones, and back. *)

Fixpoint fill (us : list unit) (v : list bool) : list N :=
  match us with
  | [] => []
  | u :: us' =>
      match candidates u with
      | [a; b] => (if hd false v then fst b else fst a) :: fill us' (tl v)
      | c :: _ => fst c :: fill us' v
      | [] => 0%N :: fill us' v
      end
  end.

Fixpoint pick (us : list unit) (w : list N) : list bool :=
  match us, w with
  | u :: us', s :: w' =>
      match candidates u with
      | [a; b] => N.eqb s (fst b) :: pick us' w'
      | _ => pick us' w'
      end
  | _, _ => []
  end.

Lemma fill_signs : forall x us, forallb is_plain us = true ->
  map (fun u => fst (best_at x (candidates u))) us = fill us (signs (pending us) x).
Proof.
  intros x. induction us as [|u us IH]; intro H; [reflexivity|]. cbn [forallb] in H.
  apply andb_prop in H. destruct H as [Hu H]. specialize (IH H). cbn [map fill pending].
  unfold is_plain in Hu. destruct (candidates u) as [|a [|b [|? ?]]]; try discriminate.
  - f_equal. exact IH.
  - cbn [signs map hd tl]. f_equal; [|exact IH]. rewrite (on_eq _ _ (value_comparison a b x)).
    unfold best_at. simpl. destruct (on _); reflexivity.
Qed.

Lemma pick_fill : forall us v, forallb is_plain us = true -> length v = length (pending us) ->
  pick us (fill us v) = v.
Proof.
  induction us as [|u us IH]; intros v P L; [destruct v; [reflexivity | discriminate]|].
  cbn [forallb] in P. apply andb_prop in P. destruct P as [Pu P]. cbn [pending fill] in *.
  unfold is_plain in Pu. destruct (candidates u) as [|a [|b [|? ?]]] eqn:E; try discriminate;
    cbn [pick]; rewrite E; [apply IH; assumption|].
  destruct v as [|s v]; [discriminate|]. cbn [hd tl]. simpl in L. f_equal; [|apply IH; auto].
  apply negb_true_iff in Pu. destruct s; [apply N.eqb_refl | assumption].
Qed.

Lemma last_parts : forall c, is_last c = true ->
  forallb is_linear (later c) = true /\ forallb is_plain (units c) = true.
Proof. intros c H. apply andb_prop. exact H. Qed.

Lemma last_pattern : forall dim F c pre x, right_at dim F c pre x -> is_last c = true ->
  F x = (pre ++ fill (units c) (signs (pending (units c)) x))%list.
Proof.
  intros dim F c pre x [P _] L. apply last_parts in L. destruct L as [L1 L2].
  rewrite P. unfold states_from. rewrite states_linear by exact L1.
  rewrite app_nil_r, fill_signs by assumption. reflexivity.
Qed.

(* The patterns of a cell of the last layer are those of its pending functions. *)
Lemma cell_patterns : forall dim F c, right dim F c -> is_last c = true ->
  exists g h, let M := meets dim (map fn (apart c)) (pending (units c)) in
    (forall v, M v -> counted_in dim F c (g v) /\ h (g v) = v) /\
    (forall s, counted_in dim F c s -> M (h s) /\ g (h s) = s).
Proof.
  intros dim F c [pre R] La. destruct (last_parts c La) as [_ Pl].
  exists (fun v => (pre ++ fill (units c) v)%list), (fun s => pick (units c) (skipn (length pre) s)).
  assert (Skip : forall w : list N, skipn (length pre) (pre ++ w) = w).
  { intro w. rewrite skipn_app, skipn_all, Nat.sub_diag. reflexivity. }
  split.
  - intros v M. split.
    + destruct M as [b [L [B H]]]. exists b. split; [assumption|]. split; [assumption|].
      intros x Hx. destruct (H x Hx) as [HP S]. apply in_cell_holds in HP. split; [assumption|].
      rewrite <- S. apply (last_pattern dim F c pre x); [apply R; [|assumption] | assumption].
      rewrite (in_box_length _ _ Hx). assumption.
    + rewrite Skip. apply pick_fill; [assumption|]. eapply meets_length. exact M.
  - intros s [b [L [B H]]].
    assert (K : forall x, in_box b x ->
      s = (pre ++ fill (units c) (signs (pending (units c)) x))%list).
    { intros x Hx. destruct (H x Hx) as [Hc E]. rewrite <- E.
      apply (last_pattern dim F c pre x); [apply R; [|assumption] | assumption].
      rewrite (in_box_length _ _ Hx). assumption. }
    assert (V : forall x, in_box b x ->
      signs (pending (units c)) x = pick (units c) (skipn (length pre) s)).
    { intros x Hx. rewrite (K x Hx), Skip. symmetry. apply pick_fill; [assumption|]. apply map_length. }
    split.
    + exists b. split; [assumption|]. split; [assumption|]. intros x Hx.
      split; [apply in_cell_holds, H; assumption | auto].
    + destruct (box_has_point b B) as [x Hx]. rewrite <- (V x Hx). symmetry. auto.
Qed.

Lemma cell_number : forall dim F c m, right dim F c -> is_last c = true ->
  (how_many (meets dim (map fn (apart c)) (pending (units c))) m <-> regions_in dim F c m).
Proof.
  intros dim F c m R La. destruct (cell_patterns dim F c R La) as [g [h [G H]]].
  split; [apply number_map with (g := g) (h := h) | apply number_map with (g := h) (h := g)];
    assumption.
Qed.

(* Cells without a unit, and their flats *)

(* The pattern of a cell alone. *)
Definition own (c : cell) (x : point) : list N := states_from (units c) (passing c) (later c) x.

Lemma own_regions : forall dim F c m, right dim F c -> regions_in dim (own c) c m -> regions_in dim F c m.
Proof.
  intros dim F c m [pre R]. apply number_map with (g := fun s => (pre ++ s)%list)
    (h := skipn (length pre)).
  - intros s [b [L [B H]]]. split; [|rewrite skipn_app, skipn_all, Nat.sub_diag; reflexivity].
    exists b. split; [assumption|]. split; [assumption|]. intros x Hx. destruct (H x Hx) as [Hc S].
    split; [assumption|]. subst s. apply R; [rewrite (in_box_length _ _ Hx)|]; assumption.
  - intros s [b [L [B H]]].
    assert (K : forall x, in_box b x -> s = (pre ++ own c x)%list).
    { intros x Hx. destruct (H x Hx) as [Hc S]. rewrite <- S.
      apply R; [rewrite (in_box_length _ _ Hx)|]; assumption. }
    assert (E : forall x, in_box b x -> own c x = skipn (length pre) s).
    { intros x Hx. rewrite (K x Hx), skipn_app, skipn_all, Nat.sub_diag. reflexivity. }
    split.
    + exists b. split; [assumption|]. split; [assumption|]. intros x Hx. split; [apply H|]; auto.
    + destruct (box_has_point b B) as [x Hx]. rewrite <- (E x Hx). symmetry. auto.
Qed.

Lemma own_right : forall dim F c, right dim F c -> right dim (own c) c.
Proof.
  intros dim F c [pre R]. exists []. intros x L Hx. destruct (R x L Hx) as [_ D].
  split; [reflexivity | exact D].
Qed.

Lemma reduced_right : forall dim F c us, right dim F c -> right dim (own (reduced c us)) (reduced c us).
Proof.
  intros dim F c us [pre R]. exists []. intros x L Hx. destruct (R x L Hx) as [_ D].
  split; [reflexivity | exact D].
Qed.

Lemma reduced_last : forall c k f us, is_last c = true -> without k (units c) = Some (f, us) ->
  is_last (reduced c us) = true.
Proof.
  intros c k f us L W. apply last_parts in L. destruct L as [L P].
  destruct (without_spec _ _ _ _ W) as [l [u [r [a [b [A [_ [_ D]]]]]]]].
  unfold is_last. cbn [later units reduced]. rewrite L. rewrite A in P. subst us.
  rewrite forallb_app in *. cbn [forallb] in P. apply andb_prop in P. destruct P as [P1 P2].
  apply andb_prop in P2. destruct P2 as [_ P2]. rewrite P1, P2. reflexivity.
Qed.

Lemma flat_last : forall p f c, is_last c = true -> is_last (flat_of p f c) = true.
Proof.
  intros p f c L. apply last_parts in L. destruct L as [L P]. unfold is_last. cbn [later units flat_of].
  rewrite L. cbn [andb]. rewrite forallb_forall in *. intros v I. apply in_map_iff in I.
  destruct I as [u [E I]]. subst v. specialize (P u I). unfold is_plain in *. cbn.
  destruct (candidates u) as [|a [|b [|? ?]]]; exact P.
Qed.

Lemma flat_value : forall p f g x, (p < length x)%nat -> ~ coefficient p f == 0 -> value f x == 0 ->
  exists k, 0 < k /\ value (fn g) x == k * value (fn (restrict_fact p (clear f) g)) (drop_nth p x).
Proof.
  intros p f g x L A Z. apply value_restrict_ints; [assumption | |].
  - intro N. apply A. pose proof (clear_coefficient p f) as C. rewrite N in C.
    change (inject_Z 0) with 0 in C. fold (coefficient p f) in C.
    pose proof (clear_factor f) as P. set (d := inject_Z _) in *.
    apply Qmult_inj_l with (z := d); lra.
  - rewrite value_clear, Z. ring.
Qed.

Lemma flat_holds : forall p f gs y, (p <= length y)%nat -> ~ coefficient p f == 0 ->
  (holds (map fn (map (restrict_fact p (clear f)) gs)) y <-> holds (map (restrict p f) (map fn gs)) y).
Proof.
  intros p f gs y L A. destruct (lift p f y L A) as [x [Lx [Z D]]].
  unfold holds. rewrite !Forall_map, !Forall_forall.
  assert (V : forall g, 0 < value (fn (restrict_fact p (clear f) g)) y <->
                        0 < value (restrict p f (fn g)) y).
  { intro g. destruct (flat_value p f g x) as [k [K E]]; [lia | assumption | assumption|].
    rewrite D in E. rewrite <- D at 2. rewrite value_restrict by (assumption || lia). rewrite E.
    split; intro; nra. }
  split; intros H g I; apply V, H, I.
Qed.

Lemma in_flat : forall p f c x, (p < length x)%nat -> ~ coefficient p f == 0 -> value f x == 0 ->
  (in_cell (flat_of p f c) (drop_nth p x) <-> in_cell c x).
Proof.
  intros p f c x L A Z. rewrite !in_cell_holds.
  rewrite <- (holds_restrict p f (map fn (apart c)) x L A Z). apply flat_holds; [|assumption].
  pose proof (length_drop _ p x L). lia.
Qed.

Lemma flat_right : forall m F c p f, right (S m) F c -> (p < S m)%nat -> ~ coefficient p f == 0 ->
  right m (own (flat_of p f c)) (flat_of p f c).
Proof.
  intros m F c p f [pre R] P A. exists []. intros y Ly Hy.
  destruct (lift p f y) as [x [Lx [Z D]]]; [lia | assumption|]. subst y.
  apply in_flat in Hy; [| lia | assumption | assumption].
  destruct (R x) as [_ V]; [lia | assumption|]. split; [reflexivity|]. simpl.
  rewrite Forall_map. eapply Forall_impl; [|exact V]. intros g Hg.
  destruct (flat_value p f g x) as [k [K E]]; [lia | assumption | assumption|]. simpl in Hg. nra.
Qed.

(* The comparisons on the flat have the values of the comparisons. *)
Lemma pending_restrict : forall p f us y, (p <= length y)%nat -> ~ coefficient p f == 0 ->
  signs (pending (map (restrict_unit p f) us)) y = signs (map (restrict p f) (pending us)) y.
Proof.
  intros p f us y P A. destruct (lift p f y P A) as [x [Lx [Z D]]].
  assert (V : forall g, value (restrict p f g) y == value g x).
  { intro g. rewrite <- D. apply value_restrict; [lia | assumption | assumption]. }
  induction us as [|u us IH]; [reflexivity|]. cbn [map pending restrict_unit candidates with_candidates].
  destruct (candidates u) as [|a [|b [|? ?]]]; try exact IH. cbn [map signs]. f_equal; [|exact IH].
  apply on_eq. rewrite V, !value_comparison. cbn [snd]. rewrite !V. reflexivity.
Qed.

Lemma meets_signs : forall n P Q fs gs m, (forall x, length x = n -> (holds P x <-> holds Q x)) ->
  (forall x, length x = n -> signs fs x = signs gs x) ->
  how_many (meets n P fs) m -> how_many (meets n Q gs) m.
Proof.
  intros n P Q fs gs m O E [l [N [L H]]]. exists l. split; [assumption|]. split; [assumption|].
  intro v. rewrite H. split; intros [b [Lb [B K]]]; exists b; (split; [assumption|]);
    (split; [assumption|]); intros x Hx; destruct (K x Hx) as [HP S];
    (split; [apply O; [rewrite (in_box_length _ _ Hx) |]; assumption|]);
    [rewrite <- E | rewrite E]; try assumption; rewrite (in_box_length _ _ Hx); assumption.
Qed.

(* CROSS *)

Theorem cross_sound : forall m F c k f us p m1 m0, right (S m) F c -> is_last c = true ->
  without k (units c) = Some (f, us) -> (p < S m)%nat -> ~ coefficient p f == 0 ->
  forallb (nonzero m) (map (restrict p f) (pending us)) = true ->
  regions_in m (own (flat_of p f (reduced c us))) (advance (flat_of p f (reduced c us))) m0 ->
  regions_in (S m) (own (reduced c us)) (advance (reduced c us)) m1 ->
  regions_in (S m) F c (m1 + m0).
Proof.
  intros m F c k f us p m1 m0 R La W P A NZ M0 M1.
  pose proof (reduced_right _ _ _ us R) as R1. pose proof (flat_right _ _ _ _ _ R1 P A) as R0.
  apply regions_in_apart with (c := reduced c us) in M1; [|apply apart_advance].
  apply regions_in_apart with (c := flat_of p f (reduced c us)) in M0; [|apply apart_advance].
  pose proof (reduced_last _ _ _ _ La W) as L1.
  apply cell_number in M1; [|assumption | assumption].
  apply cell_number in M0; [|assumption | apply flat_last; assumption].
  apply meets_signs with (Q := map (restrict p f) (map fn (apart c)))
    (gs := map (restrict p f) (pending us)) in M0.
  2: { intros y Ly. apply flat_holds; [lia | assumption]. }
  2: { intros y Ly. apply (pending_restrict p f us); [lia | assumption]. }
  simpl in M1.
  apply cell_number; [assumption | assumption|].
  destruct (without_pending _ _ _ _ W) as [l [r [E1 E2]]]. rewrite E1. apply number_middle.
  rewrite <- E2. apply deletion with (p := p); auto.
  apply Forall_forall. apply forallb_forall. assumption.
Qed.

Lemma flat_shows_point : forall m F c k f us p m0, right (S m) F c -> (p < S m)%nat ->
  without k (units c) = Some (f, us) -> ~ coefficient p f == 0 ->
  regions_in m (own (flat_of p f (reduced c us))) (advance (flat_of p f (reduced c us))) m0 ->
  (0 < m0)%N -> has_point (S m) c.
Proof.
  intros m F c k f us p m0 R P W A [l [_ [L E]]] Z.
  destruct l as [|s l]; [simpl in L; lia|].
  destruct (proj1 (E s) (or_introl eq_refl)) as [b [Lb [B H]]].
  destruct (box_has_point b B) as [y Hy]. destruct (H y Hy) as [Hc _].
  unfold in_cell in Hc. rewrite apart_advance in Hc. pose proof (in_box_length _ _ Hy) as Ly.
  destruct (lift p f y) as [x [Lx [F0 D]]]; [lia | assumption|]. exists x. split; [lia|].
  subst y. apply (in_flat p f (reduced c us)) in Hc; auto. lia.
Qed.

(* SAME *)

Lemma multiple_spec : forall n f g, multiple n f g = true -> nonzero n g = true ->
  exists q, ~ q == 0 /\ forall x, length x = n -> value f x == q * value g x.
Proof.
  intros n f g M NZ. unfold multiple in M. rewrite NZ in M. set (q := ratio n f g) in *.
  apply andb_prop in M. destruct M as [Q Z]. apply negb_true_iff in Q. apply negb_true_iff in Z.
  exists q. split; [rewrite <- Qeq_bool_iff; congruence|]. intros x L. subst n.
  apply value_not_nonzero in Z. rewrite value_add, value_minus, value_times in Z. lra.
Qed.

Theorem same_sound : forall dim F c k f us other g vs m, right dim F c -> is_last c = true ->
  without k (units c) = Some (f, us) -> without other us = Some (g, vs) ->
  multiple dim f g = true ->
  regions_in dim (own (reduced c us)) (advance (reduced c us)) m -> regions_in dim F c m.
Proof.
  intros dim F c k f us other g vs m R La W W' M H.
  pose proof (reduced_right _ _ _ us R) as R1.
  apply regions_in_apart with (c := reduced c us) in H; [|apply apart_advance].
  apply cell_number in H; [|assumption | eapply reduced_last; eassumption]. simpl in H.
  apply cell_number; [assumption | assumption|].
  destruct (without_pending _ _ _ _ W) as [l [r [E1 E2]]]. rewrite E1. apply number_middle.
  rewrite <- E2. destruct (nonzero dim g) eqn:NZ.
  - destruct (multiple_spec _ _ _ M NZ) as [q [Q V]].
    apply multiple_adds_none with (g := g) (q := q); auto.
    destruct (without_pending _ _ _ _ W') as [l' [r' [E3 _]]]. rewrite E3. apply in_elt.
  - unfold multiple in M. rewrite NZ in M. apply zero_adds_none; [|assumption].
    apply negb_true_iff. assumption.
Qed.

(* COUNT *)

Theorem count_regions_sound : forall dim F c others k, right dim F c -> is_last c = true ->
  count_regions dim others c = Done k -> regions_in dim F c k.
Proof.
  intros dim F c others k R La H. apply cell_number; [assumption | assumption|]. apply varying_only.
  unfold count_regions in H. set (lines := filter _ _) in *. set (sides := map fn (apart c)) in *.
  assert (NZ : all_nonzero dim lines).
  { apply Forall_forall. intros f I. apply filter_In in I. unfold nonzero.
    replace (nonzero_coefficient (firstn dim (fst f))) with true; [reflexivity | symmetry; apply I]. }
  destruct sides as [|f sides'].
  - destruct (Nat.leb dim 2 || true)%bool; cbn [negb] in H; [|discriminate].
    destruct (N.ltb 0 _) eqn:Z; [|discriminate]. inversion H; subst. apply N.ltb_lt in Z.
    apply count_sound; auto.
  - destruct (without_others _ _ _ _) as [[[m sides] lines']|] eqn:W; [|discriminate].
    destruct (Nat.leb m 2) eqn:D; cbn [negb orb] in H; [|discriminate].
    destruct (N.ltb 0 _) eqn:Z; [|discriminate]. inversion H; subst. apply N.ltb_lt in Z.
    apply (without_others_sound _ _ _ _ _ _ _ W NZ). apply count_sound; [|assumption].
    left. apply Nat.leb_le. assumption.
Qed.
