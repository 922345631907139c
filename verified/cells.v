(* Cells: what they say is right, and the rules SPLIT, FORCE, LEAF and EMPTY. *)
Require Import QArith NArith String List Lia Lqa.
From Verified Require Import spec affine lower opens farkas deletion checker.
Import ListNotations.

Definition in_cell (c : cell) (x : point) : Prop := Forall (fun g => 0 < value (fn g) x) (apart c).

Lemma in_cell_holds : forall c x, in_cell c x <-> holds (map fn (apart c)) x.
Proof. intros. unfold in_cell, holds. rewrite Forall_map. reflexivity. Qed.

(* A pattern is counted in a cell as in a domain. F x is the pattern at x, a point of dimension dim: of
   the network, or of what is left of it in a flat. *)
Definition counted_in (dim : nat) (F : point -> list bool) (c : cell) (s : list bool) : Prop :=
  exists b : box, length b = dim /\ positive_size b /\
    forall x, in_box b x -> in_cell c x /\ F x = s.

Definition regions_in (dim : nat) (F : point -> list bool) (c : cell) (n : N) : Prop :=
  how_many (counted_in dim F c) n.

(* What is known about a unit at a point. *)
Definition unit_right (x : point) (u : unit) : Prop :=
  match state u with
  | None => True
  | Some s => on (value (before u) x) = s
  end.

Definition values (fs : list affine) (x : point) : list Q := map (fun f => value f x) fs.

(* The states of the units of a cell, and of the layers behind. *)
Definition states_from (us : list unit) (ps : list affine) (ls : list low_layer) (x : point)
  : list bool :=
  (map (fun u => on (value (before u) x)) us ++
  low_states ls (map (fun u => relu (value (before u) x)) us ++ values ps x))%list.

(* What a cell says is right: at all of its points its decided functions are >= 0, the states of its
   decided units are as it says, and the pattern is one and the same beginning, for the layers before,
   with the states of its units and the layers behind. *)
Definition right_at (dim : nat) (F : point -> list bool) (c : cell) (pre : list bool) (x : point) : Prop :=
  F x = (pre ++ states_from (units c) (passing c) (later c) x)%list /\
  Forall (unit_right x) (units c) /\
  Forall (fun g => 0 <= value (fn g) x) (decided c).

Definition right (dim : nat) (F : point -> list bool) (c : cell) : Prop :=
  exists pre, forall x, length x = dim -> in_cell c x -> right_at dim F c pre x.

(* Layers. *)

Lemma states_linear : forall ls x, forallb is_linear ls = true -> low_states ls x = [].
Proof.
  induction ls as [|[rows | rows ps] ls IH]; intros x H; simpl in *;
    [reflexivity | auto | discriminate].
Qed.

Lemma compose_values : forall rows fs x v, same_point v (values fs x) ->
  same_point (map (fun f => value f v) rows) (values (map (fun f => compose f fs) rows) x).
Proof.
  intros rows fs x v H. unfold values. rewrite map_map. apply same_point_map. intros f _.
  rewrite value_compose. apply value_eq. assumption.
Qed.

Lemma enter_states : forall ls fs gs ps ls' x v, enter fs ls = (gs, ps, ls') ->
  same_point v (values fs x) ->
  low_states ls v =
  (map on (values gs x) ++ low_states ls' (map relu (values gs x) ++ values ps x))%list.
Proof.
  induction ls as [|l ls IH]; intros fs gs ps ls' x v E H; simpl in E.
  - inversion E; subst. reflexivity.
  - destruct (is_linear l && forallb is_linear ls)%bool eqn:L.
    + inversion E; subst. rewrite states_linear by assumption. reflexivity.
    + destruct l as [rows | rows carried].
      * simpl. eapply IH; [exact E|]. apply compose_values. assumption.
      * inversion E; subst. pose proof (compose_values rows fs x v H) as S. simpl.
        rewrite (map_on_eq _ _ S). f_equal. apply low_states_eq. apply Forall2_app.
        { apply map_relu_eq. assumption. }
        { apply compose_values. assumption. }
Qed.

Lemma numbered_before : forall fs k, map before (numbered k fs) = fs.
Proof. induction fs; intro k; simpl; [reflexivity | f_equal; auto]. Qed.

Lemma numbered_right : forall x fs k, Forall (unit_right x) (numbered k fs).
Proof. induction fs; intro k; simpl; constructor; [exact I | auto]. Qed.

Lemma states_from_values : forall us ps ls x,
  states_from us ps ls x =
  (map on (values (map before us) x) ++
  low_states ls (map relu (values (map before us) x) ++ values ps x))%list.
Proof. intros. unfold states_from, values. rewrite !map_map. reflexivity. Qed.

(* A cell at the layers ls with the inputs fs is right if the pattern is a fixed beginning and the
   states of these layers. *)
Lemma at_layer_right : forall dim F gs hs fs k ls pre,
  (forall x, length x = dim -> Forall (fun g => 0 < value (fn g) x) gs ->
    exists v, same_point v (values fs x) /\ F x = (pre ++ low_states ls v)%list /\
      Forall (fun g => 0 <= value (fn g) x) hs) ->
  right dim F (at_layer gs hs fs k ls).
Proof.
  intros dim F gs hs fs k ls pre H. unfold at_layer.
  destruct (enter fs ls) as [[us ps] ls'] eqn:E. exists pre. intros x L Hx.
  destruct (H x L Hx) as [v [S [P D]]]. split; [|split]; simpl.
  - rewrite P, (enter_states _ _ _ _ _ _ _ E S), states_from_values, numbered_before. reflexivity.
  - apply numbered_right.
  - assumption.
Qed.

Lemma apart_at_layer : forall gs hs fs k ls, apart (at_layer gs hs fs k ls) = gs.
Proof. intros. unfold at_layer. destruct (enter fs ls) as [[? ?] ?]. reflexivity. Qed.

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

Lemma advance_right : forall dim F c, right dim F c -> right dim F (advance c).
Proof.
  intros dim F c [pre H]. unfold advance.
  destruct (forallb is_decided (units c)) eqn:D; [|exists pre; exact H].
  apply at_layer_right with (pre := (pre ++ map known (units c))%list). intros x L Hx.
  destruct (H x L Hx) as [P [R D']]. destruct (output_values x (units c) D R) as [A B].
  eexists. split.
  { unfold values. rewrite map_app. apply Forall2_app; [exact B|].
    apply same_point_map. intros. reflexivity. }
  split; [|exact D']. rewrite P. unfold states_from. rewrite A.
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

Lemma decide_states : forall k s us f vs ps ls x, decide k s us = Some (f, vs) ->
  states_from vs ps ls x = states_from us ps ls x.
Proof.
  intros k s us f vs ps ls x H. destruct (decide_spec _ _ _ _ _ H) as [l [u [r [A [B [_ D]]]]]].
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
Lemma decide_pattern : forall k s us f vs ps ls x y pre, decide k s us = Some (f, vs) ->
  (pre ++ states_from us ps ls x = pre ++ states_from us ps ls y)%list ->
  on (value f x) = on (value f y).
Proof.
  intros k s us f vs ps ls x y pre H E. apply app_inv_head in E. unfold states_from in E.
  assert (L : map (fun u => on (value (before u) x)) us = map (fun u => on (value (before u) y)) us).
  { revert E. generalize (low_states ls (map (fun u => relu (value (before u) x)) us ++ values ps x)).
    generalize (low_states ls (map (fun u => relu (value (before u) y)) us ++ values ps y)). clear.
    induction us; intros p q E; simpl in *; [reflexivity|]. inversion E. f_equal. eauto. }
  destruct (decide_spec _ _ _ _ _ H) as [l [u [r [A [B _]]]]]. subst.
  apply ext_in_map with (a := u) in L; [exact L|]. apply in_elt.
Qed.

(* Cells. *)

(* Deciding a unit whose state is known on the whole cell. *)
Lemma decided_right : forall dim F c k s f us gs,
  right dim F c -> decide k s (units c) = Some (f, us) ->
  (forall x, Forall (fun g => 0 < value (fn g) x) gs -> in_cell c x) ->
  (forall x, length x = dim -> Forall (fun g => 0 < value (fn g) x) gs ->
    on (value f x) = s) ->
  right dim F {| apart := gs; decided := {| entry := k; side := s; fn := signed s f |} :: decided c;
               units := us; next := next c; passing := passing c; later := later c |}.
Proof.
  intros dim F c k s f us gs [pre H] D Sub O. exists pre. intros x L Hx.
  destruct (H x L (Sub x Hx)) as [P [R V]]. specialize (O x L Hx).
  split; [|split]; simpl.
  - rewrite P. f_equal. symmetry. eapply decide_states. exact D.
  - eapply decide_right; eassumption.
  - constructor; [apply signed_on; assumption | assumption].
Qed.

Lemma part_right : forall dim F c k s f us, right dim F c -> decide k s (units c) = Some (f, us) ->
  right dim F (part c k s f us).
Proof.
  intros dim F c k s f us H D. unfold part. apply advance_right. eapply decided_right; eauto.
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
Lemma split_counts : forall dim F c k f us1 us0 s, right dim F c ->
  decide k true (units c) = Some (f, us1) -> decide k false (units c) = Some (f, us0) ->
  nonzero dim f = true ->
  (counted_in dim F c s <->
   counted_in dim F (part c k true f us1) s \/ counted_in dim F (part c k false f us0) s).
Proof.
  intros dim F c k f us1 us0 s [pre R] D1 D0 NZ. split.
  - intros [b [L [P H]]].
    assert (One : forall x y, in_box b x -> in_box b y -> on (value f x) = on (value f y)).
    { intros x y Hx Hy. destruct (H x Hx) as [Cx Sx], (H y Hy) as [Cy Sy].
      pose proof (in_box_length _ _ Hx). pose proof (in_box_length _ _ Hy).
      destruct (R x) as [Px _]; [congruence | assumption|].
      destruct (R y) as [Py _]; [congruence | assumption|].
      apply decide_pattern with (k := k) (s := true) (us := units c) (vs := us1) (ps := passing c)
        (ls := later c)
        (pre := pre); [assumption | congruence]. }
    destruct (box_has_point b P) as [x0 Hx0]. rewrite <- L in NZ.
    destruct (on (value f x0)) eqn:E; [left | right]; exists b; repeat split; auto;
      try (apply H; assumption); intros; apply in_part.
    + split; [|apply H; assumption]. simpl. apply on_true. rewrite <- E. apply One; assumption.
    + split; [|apply H; assumption]. simpl. apply positive_on_box with (b := b); [| |assumption].
      * intros y Hy. rewrite value_minus.
        assert (value f y <= 0) by (apply on_false; rewrite <- E; apply One; assumption). lra.
      * rewrite nonzero_minus. assumption.
  - intros [[b [L [P H]]] | [b [L [P H]]]]; exists b; repeat split; auto;
      try (apply H; assumption); eapply in_part; apply H; assumption.
Qed.

Lemma split_disjoint : forall dim F c k f us1 us0 s, right dim F c ->
  decide k true (units c) = Some (f, us1) ->
  counted_in dim F (part c k true f us1) s -> counted_in dim F (part c k false f us0) s -> False.
Proof.
  intros dim F c k f us1 us0 s [pre R] D [b [L [P H]]] [b' [L' [P' H']]].
  destruct (box_has_point b P) as [x Hx], (box_has_point b' P') as [y Hy].
  pose proof (in_box_length _ _ Hx). pose proof (in_box_length _ _ Hy).
  destruct (H x Hx) as [Cx Sx], (H' y Hy) as [Cy Sy].
  apply in_part in Cx. apply in_part in Cy. destruct Cx as [Fx Cx], Cy as [Fy Cy].
  destruct (R x) as [Px _]; [congruence | assumption|].
  destruct (R y) as [Py _]; [congruence | assumption|].
  apply signed_positive in Fx. apply signed_positive in Fy.
  assert (E : on (value f x) = on (value f y)).
  { apply decide_pattern with (k := k) (s := true) (us := units c) (vs := us1) (ps := passing c)
        (ls := later c)
      (pre := pre); [assumption | congruence]. }
  congruence.
Qed.

Theorem split_sound : forall dim F c k f us1 us0 m1 m0, right dim F c ->
  decide k true (units c) = Some (f, us1) -> decide k false (units c) = Some (f, us0) ->
  nonzero dim f = true ->
  regions_in dim F (part c k true f us1) m1 -> regions_in dim F (part c k false f us0) m0 ->
  regions_in dim F c (m1 + m0).
Proof.
  intros dim F c k f us1 us0 m1 m0 R D1 D0 NZ [l1 [N1 [L1 H1]]] [l0 [N0 [L0 H0]]].
  exists (l1 ++ l0)%list. split; [|split].
  - apply NoDup_app; [assumption | assumption|]. intros s I1 I0.
    eapply (split_disjoint dim F c k f us1 us0 s); eauto; [apply H1 | apply H0]; assumption.
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
Definition supports (dim : nat) (support : list affine) (c : cell) : Prop :=
  forall x, length x = dim -> in_cell c x -> Forall (fun a => 0 <= value a x) support.

Lemma forced_state : forall dim support c y s f, supports dim support c ->
  shows y support (signed s f) = true -> (negb s || nonzero dim f)%bool = true ->
  forall x, length x = dim -> in_cell c x -> on (value f x) = s.
Proof.
  intros dim support c y s f S Y NZ x L Hx.
  assert (G : forall z, length z = dim -> in_cell c z -> 0 <= value (signed s f) z)
    by (intros; eapply farkas; eauto).
  destruct s; simpl in *.
  - apply on_true. rewrite in_cell_holds in Hx. destruct (cell_is_open _ _ Hx) as [b [Lb [_ [In Hb]]]].
    apply positive_on_box with (b := b); [| congruence | assumption].
    intros z Hz. apply G; [|apply in_cell_holds; auto]. rewrite (in_box_length _ _ Hz). congruence.
  - apply on_false. specialize (G x L Hx). rewrite value_minus in G. lra.
Qed.

Lemma force_sound : forall dim F support forced ys c c',
  force dim support c forced ys = Done c' ->
  right dim F c -> supports dim support c ->
  right dim F c' /\ apart c' = apart c.
Proof.
  intros dim F support. induction forced as [|[k s] forced IH]; intros ys c c' H R S; simpl in H.
  - inversion H; subst. auto.
  - destruct ys as [|y ys]; [discriminate|].
    destruct (decide k s (units c)) as [[f us]|] eqn:D; [|discriminate].
    destruct (shows y support (signed s f) && (negb s || nonzero dim f))%bool eqn:E;
      [|discriminate].
    apply andb_prop in E. destruct E as [Y NZ].
    pose proof (forced_state _ _ _ _ _ _ S Y NZ) as O.
    destruct (IH _ _ _ H) as [R' A']; auto.
    apply (decided_right dim F c k s f us (apart c)); auto.
Qed.

Lemma regions_in_apart : forall dim F c c' n, apart c' = apart c -> regions_in dim F c' n ->
  regions_in dim F c n.
Proof.
  intros dim F c c' n A H. unfold regions_in, counted_in, in_cell in *. rewrite A in H. exact H.
Qed.

Lemma right_supports : forall dim F c es support, right dim F c ->
  support_of es (decided c) = Some support -> supports dim support c.
Proof.
  intros dim F c es support [pre R] S x L Hx. destruct (R x L Hx) as [_ [_ D]].
  eapply support_nonneg; eassumption.
Qed.

(* LEAF. *)

Lemma inside_in_cell : forall c x, inside (apart c) x = true -> in_cell c x.
Proof.
  intros c x H. unfold inside in H. rewrite forallb_forall in H. apply Forall_forall. intros g I.
  rewrite <- short_value_eq. apply on_true. auto.
Qed.

Theorem leaf_sound : forall dim F c x, right dim F c -> units c = [] -> later c = [] ->
  length x = dim -> in_cell c x -> regions_in dim F c 1.
Proof.
  intros dim F c x [pre R] U A L Hx.
  assert (P : forall y, length y = dim -> in_cell c y -> F y = pre).
  { intros y Ly Hy. destruct (R y Ly Hy) as [P _]. rewrite P, U, A. apply app_nil_r. }
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
Theorem empty_sound : forall dim F c g y support, In g (apart c) -> supports dim support c ->
  shows y support (minus (fn g)) = true -> regions_in dim F c 0.
Proof.
  intros dim F c g y support I S Y. exists []. split; [constructor|]. split; [reflexivity|].
  intro s. split; [intros [] |]. intros [b [L [P H]]]. destruct (box_has_point b P) as [x Hx].
  destruct (H x Hx) as [C _].
  assert (Lx : length x = dim) by (rewrite (in_box_length _ _ Hx); assumption).
  pose proof (farkas _ _ _ x Y (S x Lx C)) as G. rewrite value_minus in G.
  unfold in_cell in C. rewrite Forall_forall in C. specialize (C g I). simpl in C. lra.
Qed.

