(* Soundness of the checker: what it counts is what is counted. *)
Require Import QArith NArith String List Lia Lqa.
From Verified Require Import spec affine whole lower opens farkas flats deletion arrangement slice
  checker cells crossing meeting.
Import ListNotations.

(* Induction on trees, where the parts of a Divide are in a list. *)
Fixpoint tree_induction (P : tree -> Prop)
  (divide : forall split k parts, Forall P parts -> P (Divide split k parts))
  (force : forall es forced t, P t -> P (Force es forced t))
  (leaf : forall x, P (Leaf x))
  (meet : forall pivots y, P (Meet pivots y))
  (empty : forall es k s, P (Empty es k s))
  (cross : forall k p t0 t1, P t0 -> P t1 -> P (Cross k p t0 t1))
  (same : forall k other t, P t -> P (Same k other t))
  (shown : P Shown)
  (count : forall others, P (Count others))
  (elsewhere : forall number, P (Elsewhere number))
  (t : tree) : P t :=
  let self := tree_induction P divide force leaf meet empty cross same shown count elsewhere in
  match t with
  | Divide split k parts =>
      divide split k parts
        ((fix each (ts : list tree) : Forall P ts :=
            match ts with
            | [] => Forall_nil P
            | t' :: ts' => Forall_cons t' (self t') (each ts')
            end) parts)
  | Force es forced t' => force es forced t' (self t')
  | Leaf x => leaf x
  | Meet pivots y => meet pivots y
  | Empty es k s => empty es k s
  | Cross k p t0 t1 => cross k p t0 t1 (self t0) (self t1)
  | Same k other t' => same k other t' (self t')
  | Shown => shown
  | Count others => count others
  | Elsewhere number => elsewhere number
  end.

(* What a tree shows: whatever numbers of patterns the cells have that it leaves to parts, the cell has
   their sum and those that the tree counts. *)

Definition sum (ms : list N) : N := fold_right N.add 0%N ms.

Definition hole_number (dim : nat) (h : N * cell) (m : N) : Prop :=
  regions_in dim (own (snd h)) (snd h) m.

Definition shows_in (dim : nat) (F : point -> list N) (c : cell) (r : shown) : Prop :=
  Forall (fun h => right dim (own (snd h)) (snd h)) (snd r) /\
  forall ms, Forall2 (hole_number dim) (snd r) ms -> regions_in dim F c (fst r + sum ms).

Lemma sum_app : forall l r, sum (l ++ r) = (sum l + sum r)%N.
Proof. induction l as [|m l IH]; intro r; simpl; [reflexivity|]. rewrite IH. apply N.add_assoc. Qed.

Lemma shows_number : forall dim F c n, regions_in dim F c n -> shows_in dim F c (n, []).
Proof.
  intros dim F c n H. split; [constructor|]. intros ms M. inversion M; subst. cbn [fst sum fold_right].
  rewrite N.add_0_r. assumption.
Qed.

Lemma whole_number : forall dim F c n, shows_in dim F c (n, []) -> regions_in dim F c n.
Proof. intros dim F c n [_ H]. rewrite <- (N.add_0_r n). apply (H []). constructor. Qed.

Lemma shows_in_cell : forall dim F G c c' r,
  (forall n, regions_in dim G c' n -> regions_in dim F c n) ->
  shows_in dim G c' r -> shows_in dim F c r.
Proof. intros dim F G c c' r A [R H]. split; auto. Qed.

(* The tree. *)
Theorem tree_sound : forall total t dim F flat crossed c r, right dim F c ->
  (crossed = true -> has_point dim c) ->
  check_tree dim total flat crossed c t = Done r -> shows_in dim F c r.
Proof.
  intro total. induction t as [split k parts IH | es forced t IH | x | pivots y | es k s |
      k p t0 t1 IH0 IH1 | k other t IH | | others | number] using tree_induction;
    intros dim F flat crossed c res R X H; cbn [check_tree] in H.
  - destruct (find_unit (is_meant split k) (units c)) as [[[l u] r]|] eqn:U; [|discriminate].
    destruct (find_unit_spec _ _ _ _ _ U) as [A M].
    destruct (differ (candidates u)) eqn:D; cbn [negb] in H; [|discriminate].
    destruct (forallb _ (choices u [] (candidates u))) eqn:NZ; cbn [negb] in H; [|discriminate].
    destruct R as [pre R]. apply differ_spec in D. apply is_meant_candidates in M.
    assert (S : Forall (fun h => right dim (own (snd h)) (snd h)) (snd res) /\
              forall hs, Forall2 (hole_number dim) (snd res) hs ->
              exists ms, (fst res + sum hs)%N = sum ms /\
              Forall2 (fun ch m => regions_in dim F (part c l u r ch) m) (choices u [] (candidates u)) ms).
    { pose proof (part_right dim F c pre l u r R A) as PR. revert PR H. clear NZ.
      generalize (choices u [] (candidates u)) as chs. revert res.
      induction IH as [|t ts Ht _ IH]; intros res [|ch chs] PR H; cbn beta iota in H; try discriminate.
      - inversion H. split; [constructor|]. intros hs HS. inversion HS. exists []. auto.
      - destruct (check_tree dim total flat false (part c l u r ch) t) as [[m holes]|] eqn:C;
          [|discriminate].
        match type of H with
        | match ?e with _ => _ end = _ => destruct e as [[ms others]|] eqn:E; [|discriminate]
        end.
        destruct (IH (ms, others) chs) as [G S]; [intros; apply PR; right; assumption | exact E|].
        destruct (Ht dim F flat false _ _ (PR _ (or_introl eq_refl)) ltac:(discriminate) C) as [G' S'].
        inversion H; subst. cbn [fst snd] in *.
        split; [destruct split; apply Forall_app; auto|]. intros hs HS.
        assert (P : exists hs1 hs2, Forall2 (hole_number dim) holes hs1 /\
                    Forall2 (hole_number dim) others hs2 /\ sum hs = (sum hs1 + sum hs2)%N).
        { destruct split; apply Forall2_app_inv_l in HS; destruct HS as [hs1 [hs2 [H1 [H2 E12]]]];
            subst hs; [exists hs2, hs1 | exists hs1, hs2]; rewrite sum_app; auto using N.add_comm. }
        destruct P as [hs1 [hs2 [H1 [H2 T12]]]]. destruct (S hs2 H2) as [ns [T F2]].
        exists (m + sum hs1 :: ns)%N. split; [|auto]. rewrite T12. simpl. lia. }
    destruct S as [G S]. split; [assumption|]. intros hs HS. destruct (S hs HS) as [ms [T F2]].
    rewrite T. eapply divide_sound; eassumption.
  - destruct (support_of es (facts c)) as [support|] eqn:S; [|discriminate].
    destruct (targets forced (units c)) as [fs|]; [|discriminate].
    destruct (multipliers _ support fs) as [[d ys]|]; [|discriminate].
    destruct (force dim support c forced d ys) as [c'|] eqn:E; [|discriminate].
    destruct (force_sound _ _ _ _ _ _ _ _ E R (right_supports _ _ _ _ _ R S)) as [R' A'].
    apply (shows_in_cell dim F F c (advance c'));
      [intros n N; eapply regions_in_apart; [|exact N]; rewrite apart_advance; assumption|].
    eapply IH; [apply advance_right; assumption | | exact H]. intro Y.
    apply (has_point_apart dim c); [rewrite apart_advance; congruence | auto].
  - destruct (units c) eqn:U; [|discriminate]. destruct (later c) eqn:A; [|discriminate].
    destruct (Nat.eqb (length x) dim && inside (apart c) x)%bool eqn:E; [|discriminate].
    inversion H; subst. apply andb_prop in E. destruct E as [L I]. apply Nat.eqb_eq in L.
    apply shows_number. eapply leaf_sound; eauto using inside_in_cell.
  - destruct (is_last c) eqn:La; cbn [negb] in H; [|discriminate].
    destruct (match pending (units c) with [] => true | _ => false end); [discriminate|].
    destruct (meeting dim pivots (pending (units c)) y) as [x|] eqn:M; [|discriminate].
    destruct (inside (apart c) x) eqn:E; [|discriminate]. inversion H; subst.
    apply shows_number. eapply meet_sound; eauto using inside_in_cell.
  - destruct (find_fact k (apart c)) as [g|] eqn:G; [|discriminate].
    destruct (support_of es (facts c)) as [support|] eqn:S; [|discriminate].
    destruct (N.ltb k total && negb (Bool.eqb (side g) s) && negb flat && negb crossed)%bool;
      [|discriminate].
    destruct (multipliers _ _ _) as [[d [|y [|? ?]]]|]; try discriminate.
    destruct (shows d y support (opposite (ints g))) eqn:Y; [|discriminate].
    inversion H; subst. apply shows_number. eapply empty_sound; eauto using find_fact_in, right_supports.
  - destruct (without k (units c)) as [[f us]|] eqn:W; [|discriminate].
    destruct dim as [|m]; [discriminate|].
    destruct (is_last c) eqn:La; cbn [negb] in H; [|discriminate].
    destruct (Nat.ltb p (S m)) eqn:P; cbn [negb orb] in H; [|discriminate].
    destruct (Qeq_bool (coefficient p f) 0) eqn:A; [discriminate|].
    destruct (forallb (nonzero m) (map (restrict p f) (pending us))) eqn:NZ; cbn [negb] in H;
      [|discriminate].
    apply Nat.ltb_lt in P.
    assert (A' : ~ coefficient p f == 0) by (rewrite <- Qeq_bool_iff; congruence).
    destruct (check_tree m _ _ _ _ t0) as [[m0 [|? ?]]|] eqn:C0; try discriminate.
    destruct (check_tree (S m) _ _ _ _ t1) as [[m1 holes]|] eqn:C1; [|discriminate].
    inversion H; subst. pose proof (reduced_right _ _ _ us R) as R1.
    assert (M0 : regions_in m (own (flat_of p f (reduced c us)))
                   (advance (flat_of p f (reduced c us))) m0).
    { apply whole_number. refine (IH0 m _ true false _ _ _ _ C0); [|discriminate]. apply advance_right.
      eapply flat_right; eassumption. }
    assert (M1 : shows_in (S m) (own (reduced c us)) (advance (reduced c us)) (m1, holes)).
    { eapply IH1; [apply advance_right; exact R1 | | exact C1]. intro Y.
      apply (has_point_apart _ c); [rewrite apart_advance; reflexivity|].
      apply orb_prop in Y. destruct Y as [Y|Y]; [auto|]. apply N.ltb_lt in Y.
      eapply flat_shows_point; eassumption. }
    destruct M1 as [G M1]. split; [assumption|]. cbn [fst snd] in *. intros ms HS.
    replace (m1 + m0 + sum ms)%N with ((m1 + sum ms) + m0)%N by lia. eapply cross_sound; eauto.
  - destruct (without k (units c)) as [[f us]|] eqn:W; [|discriminate].
    destruct (without other us) as [[g vs]|] eqn:W'; [|discriminate].
    destruct (is_last c) eqn:La; cbn [andb] in H; [|discriminate].
    destruct (multiple dim f g) eqn:M; [|discriminate].
    apply (shows_in_cell dim F (own (reduced c us)) c (advance (reduced c us)));
      [intros n N; eapply same_sound; eauto|].
    eapply IH; [apply advance_right | | exact H].
    + eapply reduced_right; eassumption.
    + intro Y. apply (has_point_apart _ c); [rewrite apart_advance; reflexivity | auto].
  - destruct (units c) eqn:U; [|discriminate]. destruct (later c) eqn:A; [|discriminate].
    destruct crossed; [|discriminate]. inversion H; subst. destruct (X eq_refl) as [x [L Hx]].
    apply shows_number. eapply leaf_sound; eauto.
  - destruct (N.ltb 0 total && is_last c)%bool eqn:La; [|discriminate]. cbn [negb] in H.
    apply andb_prop in La. destruct La as [_ La].
    destruct (count_regions dim others c) as [m|] eqn:C; [|discriminate]. inversion H; subst.
    apply shows_number. eapply count_regions_sound; eassumption.
  - destruct crossed; [discriminate|]. inversion H; subst. split.
    + repeat constructor. eapply own_right. exact R.
    + intros ms HS. inversion HS as [|? m ? ? M E]; subst. inversion E; subst. cbn [fst sum fold_right].
      rewrite N.add_0_r. apply own_regions; assumption.
Qed.

Theorem whole_sound : forall dim total F c t n, right dim F c -> check_whole dim total c t = Done n ->
  regions_in dim F c n.
Proof.
  intros dim total F c t n R H. unfold check_whole in H.
  destruct (check_tree _ _ _ _ _ _) as [[m [|? ?]]|] eqn:C; try discriminate. inversion H; subst.
  apply whole_number. refine (tree_sound total t dim F false false c _ R _ C). discriminate.
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

Lemma as_facts_hold : forall x fs k, holds (map fn (as_facts k fs)) x <-> holds fs x.
Proof.
  unfold holds. induction fs as [|f fs IH]; intro k; simpl; [split; constructor|].
  split; intro H; inversion H; subst; constructor; try (apply (IH (N.succ k)); assumption);
    [apply (proj1 (clear_positive _ _)) | apply (proj2 (clear_positive _ _))]; assumption.
Qed.

Lemma root_right : forall net d, right (inputs net) (low_states (lower (layers net))) (root net d).
Proof.
  intros net d. unfold root. apply at_layer_right with (pre := []). intros x L Hx. exists x.
  split; [|split].
  - rewrite <- L. unfold values. clear.
    pose proof (coordinates_values x) as H. unfold same_point in *.
    induction H; constructor; [symmetry; assumption | assumption].
  - reflexivity.
  - constructor.
Qed.

(* The patterns of the root are those of the network. *)
Theorem root_regions : forall net d n, misfit net d = None ->
  regions_in (inputs net) (low_states (lower (layers net))) (root net d) n -> regions net d n.
Proof.
  intros net d n H [l [N [L E]]]. unfold misfit in H.
  destruct (forallb is_valid (layers net)) eqn:V; cbn [negb] in H; [|discriminate].
  destruct (fits net d) eqn:F; [|discriminate]. exists l.
  split; [assumption|]. split; [assumption|]. intro s. rewrite E.
  assert (A : forall x, length x = inputs net -> (in_cell (root net d) x <-> in_domain d x)).
  { intros x Lx. rewrite in_cell_holds. unfold root. rewrite apart_at_layer, as_facts_hold.
    apply (faces_hold net); assumption. }
  split; intros [b [Lb [P Hb]]]; exists b; (split; [assumption|]); (split; [assumption|]);
    intros x Hx; destruct (Hb x Hx) as [Hc S]; unfold pattern in *;
    rewrite lower_states in * by assumption; (split; [|assumption]);
    apply A; try assumption; rewrite (in_box_length _ _ Hx); assumption.
Qed.
