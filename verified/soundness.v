(* Soundness of the checker: what it counts is what is counted. *)
Require Import QArith NArith String List Lia Lqa.
From Verified Require Import spec affine opens farkas checker.
Import ListNotations.

Definition in_cell (c : cell) (x : point) : Prop := Forall (fun g => 0 < value (fn g) x) (apart c).

Lemma in_cell_holds : forall c x, in_cell c x <-> holds (map fn (apart c)) x.
Proof. intros. unfold in_cell, holds. rewrite Forall_map. reflexivity. Qed.

(* A pattern is counted in a cell as in a domain. *)
Definition counted_in (net : network) (c : cell) (s : list bool) : Prop :=
  exists b : box, length b = inputs net /\ positive_size b /\
    forall x, in_box b x -> in_cell c x /\ pattern net x = s.

Definition regions_in (net : network) (c : cell) (n : N) : Prop :=
  exists l, NoDup l /\ N.of_nat (length l) = n /\ forall s, In s l <-> counted_in net c s.

(* What is known about a unit at a point. *)
Definition unit_right (x : point) (u : unit) : Prop :=
  match state u with
  | None => True
  | Some s => on (value (before u) x) = s
  end.

Definition values (fs : list affine) (x : point) : list Q := map (fun f => value f x) fs.

(* The states of the units of a cell, and of the layers behind. *)
Definition states_from (us : list unit) (ls : list layer) (x : point) : list bool :=
  (map (fun u => on (value (before u) x)) us ++
  states ls (map (fun u => relu (value (before u) x)) us))%list.

(* What a cell says is right: at all of its points its decided functions are >= 0, the states of its
   decided units are as it says, and the pattern is one and the same beginning, for the layers before,
   with the states of its units and the layers behind. *)
Definition right_at (net : network) (c : cell) (pre : list bool) (x : point) : Prop :=
  pattern net x = (pre ++ states_from (units c) (later c) x)%list /\
  Forall (unit_right x) (units c) /\
  Forall (fun g => 0 <= value (fn g) x) (decided c).

Definition right (net : network) (c : cell) : Prop :=
  exists pre, forall x, length x = inputs net -> in_cell c x -> right_at net c pre x.

(* Layers. *)

Lemma states_linear : forall ls x, forallb is_linear ls = true -> states ls x = [].
Proof.
  induction ls as [|[[|] rows] ls IH]; intros x H; simpl in *; [reflexivity | auto | discriminate].
Qed.

Lemma compose_values : forall rows fs x v, same_point v (values fs x) ->
  same_point (map (fun f => value f v) rows) (values (map (fun f => compose f fs) rows) x).
Proof.
  intros rows fs x v H. unfold values. rewrite map_map. apply same_point_map. intros f _.
  rewrite value_compose. apply value_eq. assumption.
Qed.

Lemma enter_states : forall ls fs gs ls' x v, enter fs ls = (gs, ls') ->
  same_point v (values fs x) ->
  states ls v = (map on (values gs x) ++ states ls' (map relu (values gs x)))%list.
Proof.
  induction ls as [|[a rows] ls IH]; intros fs gs ls' x v E H; simpl in E.
  - inversion E; subst. reflexivity.
  - destruct (is_linear (a, rows) && forallb is_linear ls)%bool eqn:L.
    + inversion E; subst. rewrite states_linear by assumption. reflexivity.
    + destruct a.
      * simpl. eapply IH; [exact E|]. apply compose_values. assumption.
      * inversion E; subst. pose proof (compose_values rows fs x v H) as S. simpl.
        rewrite (map_on_eq _ _ S). f_equal. apply states_eq. apply map_relu_eq. assumption.
Qed.

Lemma numbered_before : forall fs k, map before (numbered k fs) = fs.
Proof. induction fs; intro k; simpl; [reflexivity | f_equal; auto]. Qed.

Lemma numbered_right : forall x fs k, Forall (unit_right x) (numbered k fs).
Proof. induction fs; intro k; simpl; constructor; [exact I | auto]. Qed.

Lemma states_from_values : forall us ls x,
  states_from us ls x =
  (map on (values (map before us) x) ++ states ls (map relu (values (map before us) x)))%list.
Proof. intros. unfold states_from, values. rewrite !map_map. reflexivity. Qed.

(* A cell at the layers ls with the inputs fs is right if the pattern is a fixed beginning and the
   states of these layers. *)
Lemma at_layer_right : forall net gs hs fs k ls pre,
  (forall x, length x = inputs net -> Forall (fun g => 0 < value (fn g) x) gs ->
    exists v, same_point v (values fs x) /\ pattern net x = (pre ++ states ls v)%list /\
      Forall (fun g => 0 <= value (fn g) x) hs) ->
  right net (at_layer gs hs fs k ls).
Proof.
  intros net gs hs fs k ls pre H. unfold at_layer.
  destruct (enter fs ls) as [us ls'] eqn:E. exists pre. intros x L Hx.
  destruct (H x L Hx) as [v [S [P D]]]. split; [|split]; simpl.
  - rewrite P, (enter_states _ _ _ _ _ _ E S), states_from_values, numbered_before. reflexivity.
  - apply numbered_right.
  - assumption.
Qed.

Lemma apart_at_layer : forall gs hs fs k ls, apart (at_layer gs hs fs k ls) = gs.
Proof. intros. unfold at_layer. destruct (enter fs ls). reflexivity. Qed.

Lemma apart_advance : forall c, apart (advance c) = apart c.
Proof.
  intro c. unfold advance. destruct (forallb is_decided (units c)); [apply apart_at_layer | reflexivity].
Qed.

Definition known (u : unit) : bool := match state u with Some s => s | None => false end.

Lemma output_values : forall x us, forallb is_decided us = true -> Forall (unit_right x) us ->
  map (fun u => on (value (before u) x)) us = map known us /\
  same_point (map (fun u => relu (value (before u) x)) us) (values (map output us) x).
Proof.
  intros x us D R. induction R as [|u us Hu _ IH]; simpl in *; [split; [reflexivity | constructor]|].
  apply andb_prop in D. destruct D as [Du D]. destruct (IH D) as [A B].
  unfold unit_right, is_decided, known, output, relu in *. destruct (state u) as [s|]; [|discriminate].
  rewrite Hu. split; [f_equal; assumption|]. constructor; [|exact B].
  destruct s; [reflexivity|]. rewrite value_zero. reflexivity.
Qed.

Lemma advance_right : forall net c, right net c -> right net (advance c).
Proof.
  intros net c [pre H]. unfold advance. destruct (forallb is_decided (units c)) eqn:D; [|exists pre; exact H].
  apply at_layer_right with (pre := (pre ++ map known (units c))%list). intros x L Hx.
  destruct (H x L Hx) as [P [R F]]. destruct (output_values x (units c) D R) as [A B].
  eexists. split; [exact B|]. split; [|exact F]. rewrite P. unfold states_from. rewrite A.
  apply app_assoc.
Qed.

(* Units. *)

Lemma decide_spec : forall k s us f vs, decide k s us = Some (f, vs) ->
  exists l u r, us = (l ++ u :: r)%list /\ before u = f /\ state u = None /\
    vs = (l ++ {| number := number u; before := f; state := Some s |} :: r)%list.
Proof.
  induction us as [|u us IH]; intros f vs H; simpl in H; [discriminate|].
  destruct (N.eqb (number u) k).
  - destruct (state u) eqn:E; [discriminate|]. inversion H; subst.
    exists [], u, us. auto.
  - destruct (decide k s us) as [[g ws]|]; [|discriminate]. inversion H; subst.
    destruct (IH f ws eq_refl) as [l [v [r [A [B [C D]]]]]].
    exists (u :: l), v, r. subst. auto.
Qed.

Lemma decide_states : forall k s us f vs ls x, decide k s us = Some (f, vs) ->
  states_from vs ls x = states_from us ls x.
Proof.
  intros k s us f vs ls x H. destruct (decide_spec _ _ _ _ _ H) as [l [u [r [A [B [_ D]]]]]].
  subst. unfold states_from. rewrite !map_app. reflexivity.
Qed.

Lemma decide_right : forall k s us f vs x, decide k s us = Some (f, vs) ->
  Forall (unit_right x) us -> on (value f x) = s -> Forall (unit_right x) vs.
Proof.
  intros k s us f vs x H R O. destruct (decide_spec _ _ _ _ _ H) as [l [u [r [A [B [_ D]]]]]].
  subst us vs. apply Forall_app in R. destruct R as [Rl Rr]. inversion Rr; subst.
  apply Forall_app. split; [assumption|]. constructor; [reflexivity | assumption].
Qed.

Lemma decide_same : forall k s t us f vs g ws, decide k s us = Some (f, vs) ->
  decide k t us = Some (g, ws) -> f = g.
Proof.
  induction us as [|u us IH]; intros f vs g ws H K; simpl in *; [discriminate|].
  destruct (N.eqb (number u) k).
  - destruct (state u); [discriminate|]. congruence.
  - destruct (decide k s us) as [[a ?]|]; [|discriminate].
    destruct (decide k t us) as [[b ?]|]; [|discriminate].
    inversion H; inversion K; subst. eauto.
Qed.

(* The state of a unit is part of the pattern. *)
Lemma decide_pattern : forall k s us f vs ls x y pre, decide k s us = Some (f, vs) ->
  (pre ++ states_from us ls x = pre ++ states_from us ls y)%list ->
  on (value f x) = on (value f y).
Proof.
  intros k s us f vs ls x y pre H E. apply app_inv_head in E. unfold states_from in E.
  assert (L : map (fun u => on (value (before u) x)) us = map (fun u => on (value (before u) y)) us).
  { revert E. generalize (states ls (map (fun u => relu (value (before u) x)) us)).
    generalize (states ls (map (fun u => relu (value (before u) y)) us)). clear.
    induction us; intros p q E; simpl in *; [reflexivity|]. inversion E. f_equal. eauto. }
  destruct (decide_spec _ _ _ _ _ H) as [l [u [r [A [B _]]]]]. subst.
  apply ext_in_map with (a := u) in L; [exact L|]. apply in_elt.
Qed.

(* Cells. *)

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

(* Deciding a unit whose state is known on the whole cell. *)
Lemma decided_right : forall net c k s f us gs,
  right net c -> decide k s (units c) = Some (f, us) ->
  (forall x, Forall (fun g => 0 < value (fn g) x) gs -> in_cell c x) ->
  (forall x, length x = inputs net -> Forall (fun g => 0 < value (fn g) x) gs ->
    on (value f x) = s) ->
  right net {| apart := gs; decided := {| entry := k; side := s; fn := signed s f |} :: decided c;
               units := us; next := next c; later := later c |}.
Proof.
  intros net c k s f us gs [pre H] D Sub O. exists pre. intros x L Hx.
  destruct (H x L (Sub x Hx)) as [P [R F]]. specialize (O x L Hx).
  split; [|split]; simpl.
  - rewrite P. f_equal. symmetry. eapply decide_states. exact D.
  - eapply decide_right; eassumption.
  - constructor; [apply signed_on; assumption | assumption].
Qed.

Lemma part_right : forall net c k s f us, right net c -> decide k s (units c) = Some (f, us) ->
  right net (part c k s f us).
Proof.
  intros net c k s f us H D. unfold part. apply advance_right. eapply decided_right; eauto.
  - intros x Hx. inversion Hx; assumption.
  - intros x _ Hx. inversion Hx; subst. apply signed_positive. assumption.
Qed.

Lemma in_part : forall c k s f us x,
  in_cell (part c k s f us) x <-> 0 < value (signed s f) x /\ in_cell c x.
Proof.
  intros. unfold in_cell, part. rewrite apart_advance. simpl. split; intro H.
  - inversion H; auto.
  - destruct H. constructor; assumption.
Qed.

(* SPLIT. *)
Lemma split_counts : forall net c k f us1 us0 s, right net c ->
  decide k true (units c) = Some (f, us1) -> decide k false (units c) = Some (f, us0) ->
  nonzero (inputs net) f = true ->
  (counted_in net c s <->
   counted_in net (part c k true f us1) s \/ counted_in net (part c k false f us0) s).
Proof.
  intros net c k f us1 us0 s [pre R] D1 D0 NZ. split.
  - intros [b [L [P H]]].
    assert (One : forall x y, in_box b x -> in_box b y -> on (value f x) = on (value f y)).
    { intros x y Hx Hy. destruct (H x Hx) as [Cx Sx], (H y Hy) as [Cy Sy].
      pose proof (in_box_length _ _ Hx). pose proof (in_box_length _ _ Hy).
      destruct (R x) as [Px _]; [congruence | assumption|].
      destruct (R y) as [Py _]; [congruence | assumption|].
      apply decide_pattern with (k := k) (s := true) (us := units c) (vs := us1) (ls := later c)
        (pre := pre); [assumption | congruence]. }
    destruct (box_has_point b P) as [x0 Hx0]. rewrite <- L in NZ.
    destruct (on (value f x0)) eqn:E; [left | right]; exists b; repeat split; auto;
      try (apply H; assumption); intros; apply in_part.
    + split; [|apply H; assumption]. simpl. apply on_true. rewrite <- E. apply One; assumption.
    + split; [|apply H; assumption]. simpl. apply positive_on_box with (b := b); [| |assumption].
      * intros y Hy. rewrite value_minus.
        assert (value f y <= 0) by (apply on_false; rewrite <- E; apply One; assumption). lra.
      * unfold nonzero in *. simpl. rewrite <- NZ. clear.
        f_equal.
        { generalize (length b) as n. induction (fst f) as [|a l IH]; intros [|n]; simpl; try reflexivity.
          rewrite IH. f_equal. f_equal. apply eq_true_iff_eq. rewrite !Qeq_bool_iff. split; lra. }
        { f_equal. apply eq_true_iff_eq. rewrite !Qeq_bool_iff. split; lra. }
  - intros [[b [L [P H]]] | [b [L [P H]]]]; exists b; repeat split; auto;
      try (apply H; assumption); eapply in_part; apply H; assumption.
Qed.

Lemma split_disjoint : forall net c k f us1 us0 s, right net c ->
  decide k true (units c) = Some (f, us1) ->
  counted_in net (part c k true f us1) s -> counted_in net (part c k false f us0) s -> False.
Proof.
  intros net c k f us1 us0 s [pre R] D [b [L [P H]]] [b' [L' [P' H']]].
  destruct (box_has_point b P) as [x Hx], (box_has_point b' P') as [y Hy].
  pose proof (in_box_length _ _ Hx). pose proof (in_box_length _ _ Hy).
  destruct (H x Hx) as [Cx Sx], (H' y Hy) as [Cy Sy].
  apply in_part in Cx. apply in_part in Cy. destruct Cx as [Fx Cx], Cy as [Fy Cy].
  destruct (R x) as [Px _]; [congruence | assumption|].
  destruct (R y) as [Py _]; [congruence | assumption|].
  apply signed_positive in Fx. apply signed_positive in Fy.
  assert (E : on (value f x) = on (value f y)).
  { apply decide_pattern with (k := k) (s := true) (us := units c) (vs := us1) (ls := later c)
      (pre := pre); [assumption | congruence]. }
  congruence.
Qed.

Lemma NoDup_app : forall (A : Type) (l m : list A), NoDup l -> NoDup m ->
  (forall a, In a l -> In a m -> False) -> NoDup (l ++ m).
Proof.
  intros A l m Hl Hm D. induction Hl as [|a l Ha Hl IH]; simpl; [assumption|]. constructor.
  - rewrite in_app_iff. intros [I | I]; [contradiction|]. apply (D a); simpl; auto.
  - apply IH. intros b I J. apply (D b); simpl; auto.
Qed.

Theorem split_sound : forall net c k f us1 us0 m1 m0, right net c ->
  decide k true (units c) = Some (f, us1) -> decide k false (units c) = Some (f, us0) ->
  nonzero (inputs net) f = true ->
  regions_in net (part c k true f us1) m1 -> regions_in net (part c k false f us0) m0 ->
  regions_in net c (m1 + m0).
Proof.
  intros net c k f us1 us0 m1 m0 R D1 D0 NZ [l1 [N1 [L1 H1]]] [l0 [N0 [L0 H0]]].
  exists (l1 ++ l0)%list. split; [|split].
  - apply NoDup_app; [assumption | assumption|]. intros s I1 I0.
    eapply (split_disjoint net c k f us1 us0 s); eauto; [apply H1 | apply H0]; assumption.
  - rewrite app_length. lia.
  - intro s. rewrite in_app_iff, H1, H0. symmetry. apply split_counts; assumption.
Qed.

(* FORCE. *)

Lemma find_fact_in : forall e gs g, find_fact e gs = Some g -> In g gs.
Proof.
  induction gs as [|h gs IH]; intros g H; simpl in H; [discriminate|].
  destruct (N.eqb (entry h) e); [inversion H; subst; left; reflexivity | right; auto].
Qed.

Lemma support_nonneg : forall gs x es support, support_of es gs = Some support ->
  Forall (fun g => 0 <= value (fn g) x) gs -> Forall (fun a => 0 <= value a x) support.
Proof.
  intros gs x. induction es as [|e es IH]; intros support H F; simpl in H.
  - inversion H. constructor.
  - destruct (find_fact e gs) as [g|] eqn:E; [|discriminate].
    destruct (support_of es gs) as [fs|]; [|discriminate]. inversion H; subst. constructor.
    + rewrite Forall_forall in F. apply F. eapply find_fact_in. exact E.
    + apply IH; auto.
Qed.

(* The support is >= 0 on the cell. *)
Definition supports (net : network) (support : list affine) (c : cell) : Prop :=
  forall x, length x = inputs net -> in_cell c x -> Forall (fun a => 0 <= value a x) support.

Lemma forced_state : forall net support c y s f, supports net support c ->
  shows y support (signed s f) = true -> (negb s || nonzero (inputs net) f)%bool = true ->
  forall x, length x = inputs net -> in_cell c x -> on (value f x) = s.
Proof.
  intros net support c y s f S Y NZ x L Hx.
  assert (G : forall z, length z = inputs net -> in_cell c z -> 0 <= value (signed s f) z)
    by (intros; eapply farkas; eauto).
  destruct s; simpl in *.
  - apply on_true. rewrite in_cell_holds in Hx. destruct (cell_is_open _ _ Hx) as [b [Lb [_ [In Hb]]]].
    apply positive_on_box with (b := b); [| congruence | assumption].
    intros z Hz. apply G; [|apply in_cell_holds; auto]. rewrite (in_box_length _ _ Hz). congruence.
  - apply on_false. specialize (G x L Hx). rewrite value_minus in G. lra.
Qed.

Lemma force_sound : forall net support forced ys c c',
  force (inputs net) support c forced ys = Done c' ->
  right net c -> supports net support c ->
  right net c' /\ apart c' = apart c.
Proof.
  intros net support. induction forced as [|[k s] forced IH]; intros ys c c' H R S; simpl in H.
  - inversion H; subst. auto.
  - destruct ys as [|y ys]; [discriminate|].
    destruct (decide k s (units c)) as [[f us]|] eqn:D; [|discriminate].
    destruct (shows y support (signed s f) && (negb s || nonzero (inputs net) f))%bool eqn:E;
      [|discriminate].
    apply andb_prop in E. destruct E as [Y NZ].
    pose proof (forced_state _ _ _ _ _ _ S Y NZ) as O.
    destruct (IH _ _ _ H) as [R' A']; auto.
    apply (decided_right net c k s f us (apart c)); auto.
Qed.

Lemma regions_in_apart : forall net c c' n, apart c' = apart c -> regions_in net c' n ->
  regions_in net c n.
Proof.
  intros net c c' n A H. unfold regions_in, counted_in, in_cell in *. rewrite A in H. exact H.
Qed.

Lemma right_supports : forall net c es support, right net c ->
  support_of es (decided c) = Some support -> supports net support c.
Proof.
  intros net c es support [pre R] S x L Hx. destruct (R x L Hx) as [_ [_ F]].
  eapply support_nonneg; eassumption.
Qed.

(* LEAF. *)
Theorem leaf_sound : forall net c x, right net c -> units c = [] -> later c = [] ->
  length x = inputs net -> inside (apart c) x = true -> regions_in net c 1.
Proof.
  intros net c x [pre R] U A L H.
  assert (P : forall y, length y = inputs net -> in_cell c y -> pattern net y = pre).
  { intros y Ly Hy. destruct (R y Ly Hy) as [P _]. rewrite P, U, A. apply app_nil_r. }
  assert (Hx : in_cell c x).
  { unfold inside in H. rewrite forallb_forall in H. apply Forall_forall. intros g I.
    apply on_true. auto. }
  exists [pre]. split; [|split].
  - constructor; [intros [] | constructor].
  - reflexivity.
  - intro s. split.
    + intros [E | []]. subst s. rewrite in_cell_holds in Hx.
      destruct (cell_is_open _ _ Hx) as [b [Lb [Pb [_ Hb]]]]. exists b.
      split; [congruence|]. split; [assumption|]. intros y Hy.
      assert (in_cell c y) by (apply in_cell_holds; auto). split; [assumption|].
      apply P; [|assumption]. rewrite (in_box_length _ _ Hy). congruence.
    + intros [b [Lb [Pb Hb]]]. left. destruct (box_has_point b Pb) as [y Hy].
      destruct (Hb y Hy) as [Cy Sy]. rewrite <- Sy. symmetry. apply P; [|assumption].
      rewrite (in_box_length _ _ Hy). assumption.
Qed.

(* EMPTY. *)
Theorem empty_sound : forall net c g y support, In g (apart c) -> supports net support c ->
  shows y support (minus (fn g)) = true -> regions_in net c 0.
Proof.
  intros net c g y support I S Y. exists []. split; [constructor|]. split; [reflexivity|].
  intro s. split; [intros [] |]. intros [b [L [P H]]]. destruct (box_has_point b P) as [x Hx].
  destruct (H x Hx) as [C _].
  assert (Lx : length x = inputs net) by (rewrite (in_box_length _ _ Hx); assumption).
  pose proof (farkas _ _ _ x Y (S x Lx C)) as G. rewrite value_minus in G.
  unfold in_cell in C. rewrite Forall_forall in C. specialize (C g I). simpl in C. lra.
Qed.

(* The tree. *)
Theorem tree_sound : forall net total t c n, right net c ->
  check_tree (inputs net) total c t = Done n -> regions_in net c n.
Proof.
  intros net total. induction t as [k t1 IH1 t0 IH0 | es forced t IH | x | es k s];
    intros c n R H; cbn [check_tree] in H.
  - destruct (decide k true (units c)) as [[f us1]|] eqn:D1; [|discriminate].
    destruct (decide k false (units c)) as [[f0 us0]|] eqn:D0; [|discriminate].
    pose proof (decide_same _ _ _ _ _ _ _ _ D1 D0). subst f0.
    destruct (nonzero (inputs net) f) eqn:NZ; [|discriminate].
    destruct (check_tree _ _ (part c k true f us1) t1) as [m1|] eqn:C1; [|discriminate].
    destruct (check_tree _ _ (part c k false f us0) t0) as [m0|] eqn:C0; [|discriminate].
    inversion H; subst. eapply split_sound; eauto using part_right.
  - destruct (support_of es (decided c)) as [support|] eqn:S; [|discriminate].
    destruct (targets forced (units c)) as [fs|]; [|discriminate].
    destruct (multipliers _ support fs) as [ys|]; [|discriminate].
    destruct (force (inputs net) support c forced ys) as [c'|] eqn:F; [|discriminate].
    destruct (force_sound _ _ _ _ _ _ F R (right_supports _ _ _ _ R S)) as [R' A'].
    apply (regions_in_apart net c (advance c')); [rewrite apart_advance; assumption|].
    apply IH; [apply advance_right; assumption | assumption].
  - destruct (units c) eqn:U; [|discriminate]. destruct (later c) eqn:A; [|discriminate].
    destruct (Nat.eqb (length x) (inputs net) && inside (apart c) x)%bool eqn:E; [|discriminate].
    inversion H; subst. apply andb_prop in E. destruct E as [L I]. apply Nat.eqb_eq in L.
    eapply leaf_sound; eassumption.
  - destruct (find_fact k (apart c)) as [g|] eqn:G; [|discriminate].
    destruct (support_of es (decided c)) as [support|] eqn:S; [|discriminate].
    destruct (N.ltb k total && negb (Bool.eqb (side g) s))%bool; [|discriminate].
    destruct (multipliers _ _ _) as [[|y [|? ?]]|]; try discriminate.
    destruct (shows y support (minus (fn g))) eqn:Y; [|discriminate].
    inversion H; subst. eapply empty_sound; eauto using find_fact_in, right_supports.
Qed.

(* The root. *)

Lemma box_faces_holds : forall b x, length x = length b -> (holds (box_faces b) x <-> in_box b x).
Proof.
  unfold holds, in_box. induction b as [|[low high] b IH]; intros [|a x] L; try discriminate; simpl.
  - split; intros; constructor.
  - assert (E : Forall (fun f => 0 < value f (a :: x)) (map shift (box_faces b)) <->
                Forall (fun f => 0 < value f x) (box_faces b)).
    { rewrite Forall_map, !Forall_forall. split; intros H f I; specialize (H f I);
        rewrite value_shift in *; assumption. }
    specialize (IH x (eq_add_S _ _ L)). split; intro H.
    + inversion H as [|? ? Hl H']; subst. inversion H' as [|? ? Hh H'']; subst.
      unfold value in Hl, Hh. simpl in Hl, Hh. constructor; [simpl; lra|].
      apply IH, E. assumption.
    + inversion H as [|? ? ? ? Ha Hx]; subst. simpl in Ha.
      constructor; [unfold value; simpl; lra|]. constructor; [unfold value; simpl; lra|].
      apply E, IH. assumption.
Qed.

Lemma faces_hold : forall net d x, fits net d = true -> length x = inputs net ->
  (holds (faces d) x <-> in_domain d x).
Proof.
  intros net d x F L. unfold faces, in_domain, holds, fits in *. rewrite Forall_app, Forall_map.
  assert (H : Forall (fun h => 0 < value (half_face h) x) (halves d) <->
              Forall (fun h => dot (fst h) x < snd h) (halves d)).
  { rewrite !Forall_forall. split; intros H h I; specialize (H h I); unfold value, half_face in *;
      simpl in *; rewrite dot_opp in *; lra. }
  rewrite H. destruct (within d) as [b|].
  - apply Nat.eqb_eq in F. rewrite (box_faces_holds b x) by congruence. reflexivity.
  - split; intros [_ K]; (split; [constructor | assumption]).
Qed.

Lemma fn_as_facts : forall fs k, map fn (as_facts k fs) = fs.
Proof. induction fs; intro k; simpl; [reflexivity | f_equal; auto]. Qed.

Lemma root_right : forall net d, right net (root net d).
Proof.
  intros net d. unfold root. apply at_layer_right with (pre := []). intros x L Hx. exists x.
  split; [|split].
  - rewrite <- L. unfold values. clear.
    pose proof (coordinates_values x) as H. unfold same_point in *.
    induction H; constructor; [symmetry; assumption | assumption].
  - reflexivity.
  - eapply Forall_impl; [|exact Hx]. simpl. intros. lra.
Qed.

Theorem check_root_sound : forall net d t n, check_root net d t = Done n -> regions net d n.
Proof.
  intros net d t n H. unfold check_root in H. destruct (fits net d) eqn:F; [|discriminate].
  destruct (tree_sound _ _ _ _ _ (root_right net d) H) as [l [N [L E]]]. exists l.
  split; [assumption|]. split; [assumption|]. intro s. rewrite E.
  assert (A : forall x, length x = inputs net -> (in_cell (root net d) x <-> in_domain d x)).
  { intros x Lx. rewrite in_cell_holds. unfold root. rewrite apart_at_layer, fn_as_facts.
    apply (faces_hold net); assumption. }
  split; intros [b [Lb [P Hb]]]; exists b; (split; [assumption|]); (split; [assumption|]);
    intros x Hx; destruct (Hb x Hx); (split; [|assumption]);
    apply A; try assumption; rewrite (in_box_length _ _ Hx); assumption.
Qed.
