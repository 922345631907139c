(* Cells: what they say is right, and the rules SPLIT, BRANCH, FORCE, LEAF and EMPTY. *)
Require Import QArith NArith String List Lia Lqa.
From Verified Require Import spec affine whole lower best opens farkas deletion checker.
Import ListNotations.

Definition in_cell (c : cell) (x : point) : Prop := Forall (fun g => 0 < value (fn g) x) (apart c).

Lemma in_cell_holds : forall c x, in_cell c x <-> holds (map fn (apart c)) x.
Proof. intros. unfold in_cell, holds. rewrite Forall_map. reflexivity. Qed.

(* A pattern is counted in a cell as in a domain. F x is the pattern at x, a point of dimension dim: of
   the network, or of what is left of it in a flat. *)
Definition counted_in (dim : nat) (F : point -> list N) (c : cell) (s : list N) : Prop :=
  exists b : box, length b = dim /\ positive_size b /\
    forall x, in_box b x -> in_cell c x /\ F x = s.

Definition regions_in (dim : nat) (F : point -> list N) (c : cell) (n : N) : Prop :=
  how_many (counted_in dim F c) n.

Definition values (fs : list affine) (x : point) : list Q := map (fun f => value f x) fs.

(* The states of the units of a cell, and of the layers behind. *)
Definition states_from (us : list unit) (ps : list affine) (ls : list low_layer) (x : point) : list N :=
  (map (fun u => fst (best_at x (candidates u))) us ++
  low_states ls (map (fun u => snd (best_at x (candidates u))) us ++ values ps x))%list.

(* What a cell says is right: at all of its points its decided functions are >= 0, and the pattern is
   one and the same beginning, for the layers before, with the states of its units and the layers
   behind. *)
Definition right_at (dim : nat) (F : point -> list N) (c : cell) (pre : list N) (x : point) : Prop :=
  F x = (pre ++ states_from (units c) (passing c) (later c) x)%list /\
  Forall (fun g => 0 <= value (fn g) x) (decided c).

Definition right (dim : nat) (F : point -> list N) (c : cell) : Prop :=
  exists pre, forall x, length x = dim -> in_cell c x -> right_at dim F c pre x.

(* Layers. *)

Lemma states_linear : forall ls x, forallb is_linear ls = true -> low_states ls x = [].
Proof.
  induction ls as [|[rows | us ps] ls IH]; intros x H; simpl in *;
    [reflexivity | auto | discriminate].
Qed.

Lemma compose_values : forall rows fs x v, same_point v (values fs x) ->
  same_point (map (fun f => value f v) rows) (values (map (fun f => compose f fs) rows) x).
Proof.
  intros rows fs x v H. unfold values. rewrite map_map. apply same_point_map. intros f _.
  rewrite value_compose. apply value_eq. assumption.
Qed.

Lemma compose_best : forall fs x v, same_point v (values fs x) -> forall cs,
  same_entry (best_at v cs) (best_at x (map (compose_candidate fs) cs)).
Proof.
  intros fs x v H cs. apply best_eq. rewrite map_map. induction cs; simpl; constructor; [|assumption].
  split; [reflexivity|]. simpl. rewrite value_compose. apply value_eq. assumption.
Qed.

Lemma enter_states : forall ls fs us ps ls' x v, enter fs ls = (us, ps, ls') ->
  same_point v (values fs x) ->
  low_states ls v =
  (map (fun cs => fst (best_at x cs)) us ++
  low_states ls' (map (fun cs => snd (best_at x cs)) us ++ values ps x))%list.
Proof.
  induction ls as [|l ls IH]; intros fs us ps ls' x v E H; simpl in E.
  - inversion E; subst. reflexivity.
  - destruct (is_linear l && forallb is_linear ls)%bool eqn:L.
    + inversion E; subst. rewrite states_linear by assumption. reflexivity.
    + destruct l as [rows | vs carried].
      * simpl. eapply IH; [exact E|]. apply compose_values. assumption.
      * inversion E; subst. simpl. rewrite !map_map.
        destruct (same_entries_map _ (best_at v) (fun cs => best_at x (map (compose_candidate fs) cs)) vs)
          as [A B]; [intros; apply compose_best; assumption|].
        rewrite A. f_equal. apply low_states_eq. apply Forall2_app; [exact B|].
        apply compose_values. assumption.
Qed.

Lemma numbered_candidates : forall us k, map candidates (numbered k us) = us.
Proof. induction us; intro k; simpl; [reflexivity | f_equal; auto]. Qed.

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
  destruct (H x L Hx) as [v [S [P D]]]. split; [|assumption]. unfold states_from. cbn [units passing later].
  rewrite P, (enter_states _ _ _ _ _ _ _ E S). f_equal.
  rewrite <- (map_map candidates (fun cs => fst (best_at x cs))).
  rewrite <- (map_map candidates (fun cs => snd (best_at x cs))). rewrite numbered_candidates.
  reflexivity.
Qed.

Lemma apart_at_layer : forall gs hs fs k ls, apart (at_layer gs hs fs k ls) = gs.
Proof. intros. unfold at_layer. destruct (enter fs ls) as [[? ?] ?]. reflexivity. Qed.

Lemma apart_advance : forall c, apart (advance c) = apart c.
Proof.
  intro c. unfold advance. destruct (forallb is_decided (units c)); [apply apart_at_layer | reflexivity].
Qed.

(* The number of the one candidate. *)
Definition known (u : unit) : N := match candidates u with (i, _) :: _ => i | [] => 0 end.

Lemma decided_best : forall x us, forallb is_decided us = true ->
  map (fun u => fst (best_at x (candidates u))) us = map known us /\
  map (fun u => snd (best_at x (candidates u))) us = values (map output us) x.
Proof.
  intros x us. induction us as [|u us IH]; intro D; [split; reflexivity|].
  cbn [forallb] in D. apply andb_prop in D. destruct D as [Du D]. destruct (IH D) as [A B].
  cbn [map values]. rewrite A, B. unfold is_decided, known, output, values in *.
  destruct (candidates u) as [|[i f] [|? ?]]; try discriminate. split; reflexivity.
Qed.

Lemma advance_right : forall dim F c, right dim F c -> right dim F (advance c).
Proof.
  intros dim F c [pre H]. unfold advance.
  destruct (forallb is_decided (units c)) eqn:D; [|exists pre; exact H].
  apply at_layer_right with (pre := (pre ++ map known (units c))%list). intros x L Hx.
  destruct (H x L Hx) as [P D']. destruct (decided_best x (units c) D) as [A B].
  exists (values (map output (units c) ++ passing c) x). split; [|split; [|exact D']].
  - unfold values. apply same_point_map. reflexivity.
  - rewrite P. unfold states_from. rewrite A, B. unfold values. rewrite map_app. apply app_assoc.
Qed.

(* Comparisons. *)

Lemma value_comparison : forall a b x,
  value (comparison a b) x == value (snd b) x - value (snd a) x.
Proof. intros. unfold comparison. rewrite value_add, value_minus. ring. Qed.

Lemma find_second_spec : forall k m i cs b rest, find_second k m i cs = Some (b, rest) ->
  exists l r, cs = (l ++ b :: r)%list /\ rest = (l ++ r)%list.
Proof.
  induction cs as [|c cs IH]; intros b rest H; simpl in H; [discriminate|].
  destruct (N.eqb _ _).
  - inversion H; subst. exists [], rest. auto.
  - destruct (find_second k m i cs) as [[d rest']|]; [|discriminate]. inversion H; subst.
    destruct (IH b rest' eq_refl) as [l [r [A B]]]. exists (c :: l), r. subst. auto.
Qed.

(* The loser of a comparison is not the best. *)
Lemma lose_best : forall x k s m cs f ds, lose k s m cs = Some (f, ds) -> on (value f x) = s ->
  ds <> [] /\ best_at x ds = best_at x cs.
Proof.
  intros x k s m. induction cs as [|a cs IH]; intros f ds H O; simpl in H; [discriminate|].
  destruct (find_second k m (fst a) cs) as [[b rest]|] eqn:E.
  - destruct (find_second_spec _ _ _ _ _ _ E) as [l [r [A B]]]. inversion H; subst f ds; clear H.
    rewrite (on_eq _ _ (value_comparison a b x)) in O. unfold best_at. subst cs rest. destruct s.
    + split; [destruct l; discriminate|]. apply on_true in O. symmetry. cbn [map].
      apply best_drop_first with (b := at_point x b); [|simpl; lra].
      rewrite map_app. apply in_elt.
    + split; [discriminate|]. apply on_false in O. cbn [map]. rewrite !map_app. cbn [map]. symmetry.
      apply best_drop_second. simpl. lra.
  - destruct (lose k s m cs) as [[g rest]|] eqn:L; [|discriminate]. inversion H; subst.
    destruct (IH f rest eq_refl eq_refl) as [N B]. split; [discriminate|].
    assert (N' : cs <> []) by (intro; subst; discriminate).
    unfold best_at in *. cbn [map].
    assert (M : forall cs : list candidate, cs <> [] -> map (at_point x) cs <> [])
      by (intros [|? ?] K; [congruence | discriminate]).
    rewrite !best_cons by auto. rewrite B. reflexivity.
Qed.

Lemma replaced_states : forall l u r v ps ls x,
  best_at x (candidates v) = best_at x (candidates u) ->
  states_from (l ++ v :: r) ps ls x = states_from (l ++ u :: r) ps ls x.
Proof.
  intros l u r v ps ls x B. unfold states_from. rewrite !map_app. cbn [map]. rewrite B. reflexivity.
Qed.

Lemma decide_states : forall k s us f vs ps ls x, decide k s us = Some (f, vs) ->
  on (value f x) = s -> states_from vs ps ls x = states_from us ps ls x.
Proof.
  intros k s us f vs ps ls x H O.
  assert (E : exists l u r v, us = (l ++ u :: r)%list /\ vs = (l ++ v :: r)%list /\
              best_at x (candidates v) = best_at x (candidates u)).
  { revert vs H. induction us as [|u us IH]; intros vs H; simpl in H; [discriminate|].
    destruct (has_comparison k u).
    - destruct (lose _ _ _ _) as [[g cs]|] eqn:L; [|discriminate]. inversion H; subst.
      destruct (lose_best x _ _ _ _ _ _ L eq_refl) as [_ B].
      exists [], u, us, (with_candidates u cs). auto.
    - destruct (decide k s us) as [[g ws]|]; [|discriminate]. inversion H; subst.
      destruct (IH ws eq_refl) as [l [v [r [w [A [B C]]]]]]. exists (u :: l), v, r, w. subst. auto. }
  destruct E as [l [u [r [v [A [B C]]]]]]. subst. apply replaced_states. assumption.
Qed.

(* SPLIT and BRANCH. *)

Lemma find_unit_spec : forall means us l u r, find_unit means us = Some (l, u, r) ->
  us = (l ++ u :: r)%list /\ means u = true.
Proof.
  induction us as [|v us IH]; intros l u r H; simpl in H; [discriminate|].
  destruct (means v) eqn:M.
  - inversion H; subst. auto.
  - destruct (find_unit means us) as [[[l' u'] r']|]; [|discriminate]. inversion H; subst.
    destruct (IH l' u r eq_refl) as [A B]. subst. auto.
Qed.

Lemma is_meant_candidates : forall split k u, is_meant split k u = true -> candidates u <> [].
Proof.
  intros split k u H N. unfold is_meant, is_pair in H. rewrite N in H. destruct split; [discriminate|].
  rewrite andb_false_r in H. discriminate.
Qed.

Lemma differ_spec : forall cs, differ cs = true -> NoDup (map fst cs).
Proof.
  induction cs as [|c cs IH]; intro H; simpl in *; constructor; apply andb_prop in H; destruct H as [A B].
  - intro I. apply in_map_iff in I. destruct I as [d [E I]]. rewrite forallb_forall in A.
    specialize (A d I). rewrite E, N.eqb_refl in A. discriminate.
  - apply IH. assumption.
Qed.

Lemma same_split : forall cs l c r l' c' r', NoDup (map fst cs) ->
  cs = (l ++ c :: r)%list -> cs = (l' ++ c' :: r')%list -> @fst N affine c = fst c' ->
  l = l' /\ c = c' /\ r = r'.
Proof.
  intros cs l. revert cs. induction l as [|a l IH]; intros cs c r l' c' r' N A B E; subst cs.
  - destruct l' as [|a' l']; simpl in B; inversion B; subst; [auto|]. exfalso. simpl in N.
    inversion N as [|? ? I _]; subst. apply I. rewrite E, map_app. apply in_elt.
  - destruct l' as [|a' l']; simpl in B; inversion B; subst.
    + exfalso. simpl in N. inversion N as [|? ? I _]; subst. apply I. rewrite <- E, map_app. apply in_elt.
    + simpl in N. inversion N as [|? ? _ N']; subst.
      destruct (IH _ c r l' c' r' N' eq_refl H1 E) as [X [Y Z]]. subst. auto.
Qed.

(* What a choice says of the candidate c with l before it and r behind it. *)
Definition facts_for (u : unit) (l : list candidate) (c : candidate) (r : list candidate) : list fact :=
  (map (fun a => fact_of u true a c) l ++ map (fun b => fact_of u false c b) r)%list.

Lemma choices_candidates : forall u r l, map fst (choices u l r) = r.
Proof. intro u. induction r; intro l; simpl; f_equal; auto. Qed.

Lemma in_choices : forall u r l ch, In ch (choices u l r) <->
  exists r1 c r2, r = (r1 ++ c :: r2)%list /\ ch = (c, facts_for u (l ++ r1) c r2).
Proof.
  intro u. induction r as [|a r IH]; intros l ch; simpl.
  - split; [intros [] | intros [r1 [c [r2 [A _]]]]; destruct r1; discriminate].
  - rewrite IH. split.
    + intros [H | [r1 [c [r2 [A B]]]]].
      * exists [], a, r. rewrite app_nil_r. subst. auto.
      * exists (a :: r1), c, r2. subst. rewrite <- app_assoc. auto.
    + intros [[|a' r1] [c [r2 [A B]]]]; simpl in A; inversion A; subst.
      * left. unfold facts_for. rewrite app_nil_r. reflexivity.
      * right. exists r1, c, r2. rewrite <- app_assoc. auto.
Qed.

(* Where the facts hold, the candidate is the best. *)
Lemma facts_win : forall u l c r x, Forall (fun g => 0 < value (fn g) x) (facts_for u l c r) ->
  best_at x (l ++ c :: r) = at_point x c.
Proof.
  intros u l c r x H. unfold facts_for in H. rewrite Forall_app, !Forall_map in H. destruct H as [A B].
  unfold best_at. rewrite map_app. cbn [map]. apply best_is; rewrite Forall_map.
  - eapply Forall_impl; [|exact A]. intros a H. apply (proj1 (clear_positive _ _)) in H.
    cbn [signed at_point snd] in *. rewrite value_comparison in H. lra.
  - eapply Forall_impl; [|exact B]. intros b H. apply (proj1 (clear_positive _ _)) in H.
    cbn [signed at_point snd] in *. rewrite value_minus, value_comparison in H. lra.
Qed.

Lemma best_candidate : forall x cs, cs <> [] -> exists l c r, cs = (l ++ c :: r)%list /\
  best_at x cs = at_point x c /\
  Forall (fun a => value (snd a) x < value (snd c) x) l /\
  Forall (fun b => value (snd b) x <= value (snd c) x) r.
Proof.
  intros x cs N. destruct (best_split (map (at_point x) cs)) as [zl [zr [E [A B]]]].
  { destruct cs; [congruence | discriminate]. }
  fold (best_at x cs) in *. apply map_eq_app in E. destruct E as [l [r' [E1 [E2 E3]]]].
  destruct r' as [|c r]; [discriminate|]. simpl in E3. inversion E3 as [[E4 E5]]. exists l, c, r.
  split; [assumption|]. split; [reflexivity|]. subst zl zr. rewrite Forall_map in A, B.
  rewrite <- E4 in A, B. split; assumption.
Qed.

Section Divide.

Context (dim : nat) (F : point -> list N) (c : cell) (pre : list N) (l : list unit) (u : unit)
  (r : list unit).
Context (R : forall x, length x = dim -> in_cell c x -> right_at dim F c pre x).
Context (U : units c = (l ++ u :: r)%list) (D : NoDup (map fst (candidates u))).
Context (E : candidates u <> []).

(* The state of the unit in a pattern. *)
Definition state_in (s : list N) : N := nth (length pre + length l) s 0%N.

Lemma unit_state : forall x, length x = dim -> in_cell c x ->
  state_in (F x) = fst (best_at x (candidates u)).
Proof.
  intros x L H. destruct (R x L H) as [P _]. unfold state_in. rewrite P.
  rewrite app_nth2_plus. unfold states_from. rewrite U, map_app. cbn [map]. rewrite <- app_assoc.
  rewrite app_nth2 by (rewrite map_length; lia). rewrite map_length, Nat.sub_diag. reflexivity.
Qed.

Lemma in_part : forall ch x, in_cell (part c l u r ch) x <->
  Forall (fun g => 0 < value (fn g) x) (snd ch) /\ in_cell c x.
Proof. intros. unfold in_cell, part. rewrite apart_advance. simpl. apply Forall_app. Qed.

Lemma part_right : forall ch, In ch (choices u [] (candidates u)) -> right dim F (part c l u r ch).
Proof.
  intros ch I. apply in_choices in I. destruct I as [r1 [d [r2 [A B]]]]. simpl in B. subst ch.
  unfold part. apply advance_right. exists pre. cbn [fst snd]. intros x L H.
  unfold in_cell in H. cbn [apart] in H. apply Forall_app in H. destruct H as [H Hx].
  destruct (R x L Hx) as [P V]. split; cbn [units passing later decided].
  - rewrite P, U. f_equal. symmetry. apply replaced_states. cbn [candidates with_candidates].
    rewrite A. rewrite (facts_win u r1 d r2 x H). reflexivity.
  - exact V.
Qed.

Lemma part_counts : forall s,
  forallb (fun ch => forallb (fun g => nonzero dim (fn g)) (snd ch)) (choices u [] (candidates u)) = true ->
  (counted_in dim F c s <->
   exists ch, In ch (choices u [] (candidates u)) /\ counted_in dim F (part c l u r ch) s).
Proof.
  intros s NZ. split.
  - intros [b [L [B H]]]. destruct (box_has_point b B) as [x0 H0].
    destruct (best_candidate x0 (candidates u) E) as [r1 [d [r2 [A [W _]]]]].
    assert (K : forall y, in_box b y -> Forall (fun a => value (snd a) y < value (snd d) y) r1 /\
                Forall (fun a => value (snd a) y <= value (snd d) y) r2).
    { intros y Hy. destruct (best_candidate y (candidates u) E) as [l1 [d1 [l2 [A1 [W1 X]]]]].
      assert (S : fst d1 = fst d).
      { destruct (H y Hy) as [Cy Sy], (H x0 H0) as [C0 S0].
        assert (T1 : state_in (F y) = fst d1).
        { rewrite unit_state, W1; [reflexivity | rewrite (in_box_length _ _ Hy); assumption | assumption]. }
        assert (T0 : state_in (F x0) = fst d).
        { rewrite unit_state, W; [reflexivity | rewrite (in_box_length _ _ H0); assumption | assumption]. }
        congruence. }
      destruct (same_split _ _ _ _ _ _ _ D A1 A S) as [X1 [X2 X3]]. subst. assumption. }
    assert (I : In (d, facts_for u r1 d r2) (choices u [] (candidates u)))
      by (apply in_choices; exists r1, d, r2; auto).
    exists (d, facts_for u r1 d r2). split; [assumption|].
    exists b. split; [assumption|]. split; [assumption|]. intros y Hy. split; [|apply H; assumption].
    apply in_part. split; [|apply H; assumption]. cbn [snd].
    rewrite forallb_forall in NZ. specialize (NZ _ I). cbn [snd] in NZ. rewrite forallb_forall in NZ.
    unfold facts_for. apply Forall_app.
    split; apply Forall_map, Forall_forall; intros a Ia.
    + destruct (K y Hy) as [K1 _]. rewrite Forall_forall in K1. specialize (K1 a Ia).
      apply (proj2 (clear_positive _ _)). cbn [signed]. rewrite value_comparison. lra.
    + apply positive_on_box with (b := b); [| |assumption].
      * intros z Hz. destruct (K z Hz) as [_ K2]. rewrite Forall_forall in K2. specialize (K2 a Ia).
        apply (proj2 (clear_nonneg _ _)). cbn [signed]. rewrite value_minus, value_comparison. lra.
      * rewrite L. apply (NZ (fact_of u false d a)). apply in_app_iff. right.
        apply (in_map (fun b => fact_of u false d b)). assumption.
  - intros [ch [I [b [L [B H]]]]]. exists b. split; [assumption|]. split; [assumption|]. intros x Hx.
    destruct (H x Hx) as [Hc S]. apply in_part in Hc. tauto.
Qed.

(* In a part the unit has the state of its candidate. *)
Lemma part_state : forall ch s, In ch (choices u [] (candidates u)) ->
  counted_in dim F (part c l u r ch) s -> state_in s = fst (fst ch).
Proof.
  intros ch s I [b [L [B H]]]. destruct (box_has_point b B) as [x Hx]. destruct (H x Hx) as [Hc S].
  apply in_part in Hc. destruct Hc as [Hf Hc]. apply in_choices in I.
  destruct I as [r1 [d [r2 [A X]]]]. subst ch. cbn [fst snd app] in *.
  rewrite <- S, unit_state; [| rewrite (in_box_length _ _ Hx); assumption | assumption].
  rewrite A, (facts_win _ _ _ _ _ Hf). reflexivity.
Qed.

Theorem divide_sound : forall ms,
  forallb (fun ch => forallb (fun g => nonzero dim (fn g)) (snd ch)) (choices u [] (candidates u)) = true ->
  Forall2 (fun ch m => regions_in dim F (part c l u r ch) m) (choices u [] (candidates u)) ms ->
  regions_in dim F c (fold_right N.add 0%N ms).
Proof.
  intros ms NZ H.
  destruct (number_sum _ _ _ (fun ch s => counted_in dim F (part c l u r ch) s) (fun ch => fst (fst ch))
              state_in _ _ H) as [ss [N [L' C]]].
  - rewrite <- (map_map (@fst candidate (list fact)) (@fst N affine)), choices_candidates. assumption.
  - intros. apply part_state; assumption.
  - exists ss. split; [assumption|]. split; [assumption|]. intro s. rewrite C. symmetry.
    apply part_counts. assumption.
Qed.

End Divide.

(* FORCE. *)

Lemma find_fact_in : forall e gs g, find_fact e gs = Some g -> In g gs.
Proof.
  induction gs as [|h gs IH]; intros g H; simpl in H; [discriminate|].
  destruct (N.eqb (entry h) e); [inversion H; subst; left; reflexivity | right; auto].
Qed.

Lemma support_nonneg : forall gs x es support, support_of es gs = Some support ->
  Forall (fun g => 0 <= value (fn g) x) gs -> Forall (fun a => 0 <= value (of_whole a) x) support.
Proof.
  intros gs x. induction es as [|e es IH]; intros support H F; simpl in H.
  - inversion H. constructor.
  - destruct (find_fact e gs) as [g|] eqn:E; [|discriminate].
    destruct (support_of es gs) as [fs|]; [|discriminate]. inversion H; subst. constructor.
    + rewrite Forall_forall in F. apply F. eapply find_fact_in. exact E.
    + apply IH; auto.
Qed.

(* The support is >= 0 on the cell. *)
Definition supports (dim : nat) (support : list whole) (c : cell) : Prop :=
  forall x, length x = dim -> in_cell c x -> Forall (fun a => 0 <= value (of_whole a) x) support.

Lemma forced_state : forall dim support c d y s f, supports dim support c ->
  shows d y support (clear (signed s f)) = true -> (negb s || nonzero dim f)%bool = true ->
  forall x, length x = dim -> in_cell c x -> on (value f x) = s.
Proof.
  intros dim support c d y s f S Y NZ x L Hx.
  assert (G : forall z, length z = dim -> in_cell c z -> 0 <= value (signed s f) z)
    by (intros; apply (proj1 (clear_nonneg _ _)); eapply farkas; eauto).
  destruct s; simpl in *.
  - apply on_true. rewrite in_cell_holds in Hx. destruct (cell_is_open _ _ Hx) as [b [Lb [_ [In Hb]]]].
    apply positive_on_box with (b := b); [| congruence | assumption].
    intros z Hz. apply G; [|apply in_cell_holds; auto]. rewrite (in_box_length _ _ Hz). congruence.
  - apply on_false. specialize (G x L Hx). rewrite value_minus in G. lra.
Qed.

(* Deciding a comparison whose state is known on the whole cell. *)
Lemma decided_right : forall dim F c k s f us,
  right dim F c -> decide k s (units c) = Some (f, us) ->
  (forall x, length x = dim -> in_cell c x -> on (value f x) = s) ->
  right dim F {| apart := apart c;
               decided := {| entry := k; side := s; ints := clear (signed s f) |} :: decided c;
               units := us; next := next c; passing := passing c; later := later c |}.
Proof.
  intros dim F c k s f us [pre H] D O. exists pre. intros x L Hx.
  destruct (H x L Hx) as [P V]. specialize (O x L Hx). split; simpl.
  - rewrite P. f_equal. symmetry. eapply decide_states; eassumption.
  - constructor; [apply (proj2 (clear_nonneg _ _)), signed_on; assumption | assumption].
Qed.

Lemma force_sound : forall dim F support forced d ys c c',
  force dim support c forced d ys = Done c' ->
  right dim F c -> supports dim support c ->
  right dim F c' /\ apart c' = apart c.
Proof.
  intros dim F support. induction forced as [|[k s] forced IH]; intros d ys c c' H R S; cbn [force] in H.
  - inversion H; subst. auto.
  - destruct ys as [|y ys]; [discriminate|].
    destruct (decide k s (units c)) as [[f us]|] eqn:D; [|discriminate].
    destruct (shows d y support (clear (signed s f)) && (negb s || nonzero dim f))%bool eqn:E;
      [|discriminate].
    apply andb_prop in E. destruct E as [Y NZ].
    pose proof (forced_state _ _ _ _ _ _ _ S Y NZ) as O.
    destruct (IH _ _ _ _ H) as [R' A']; auto.
    apply decided_right; auto.
Qed.

Lemma regions_in_apart : forall dim F c c' n, apart c' = apart c -> regions_in dim F c' n ->
  regions_in dim F c n.
Proof.
  intros dim F c c' n A H. unfold regions_in, counted_in, in_cell in *. rewrite A in H. exact H.
Qed.

Lemma right_supports : forall dim F c es support, right dim F c ->
  support_of es (facts c) = Some support -> supports dim support c.
Proof.
  intros dim F c es support [pre R] S x L Hx. destruct (R x L Hx) as [_ D].
  eapply support_nonneg; [exact S|]. apply Forall_app. split; [assumption|].
  eapply Forall_impl; [|exact Hx]. simpl. intros. lra.
Qed.

(* LEAF. *)

Lemma inside_in_cell : forall c x, inside (apart c) x = true -> in_cell c x.
Proof.
  intros c x H. unfold inside in H. rewrite forallb_forall in H. apply Forall_forall. intros g I.
  apply positive_at_point. apply (H g I).
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
Theorem empty_sound : forall dim F c g d y support, In g (apart c) -> supports dim support c ->
  shows d y support (opposite (ints g)) = true -> regions_in dim F c 0.
Proof.
  intros dim F c g d y support I S Y. exists []. split; [constructor|]. split; [reflexivity|].
  intro s. split; [intros [] |]. intros [b [L [P H]]]. destruct (box_has_point b P) as [x Hx].
  destruct (H x Hx) as [C _].
  assert (Lx : length x = dim) by (rewrite (in_box_length _ _ Hx); assumption).
  pose proof (farkas _ _ _ _ x Y (S x Lx C)) as G. rewrite value_opposite in G.
  unfold in_cell in C. rewrite Forall_forall in C. specialize (C g I). unfold fn in C. simpl in C. lra.
Qed.

