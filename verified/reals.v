(* The theorem that the same patterns are counted over the real numbers. *)
Require Import QArith Reals Qreals List Lia Lra.
Require Lqa.
From Verified Require Import spec affine lower best opens checker cells real_spec.
Import ListNotations.

Local Open Scope R_scope.

(* The lowered layers. *)

Fixpoint real_best (zs : list (N * R)) : N * R :=
  match zs with
  | [] => (0%N, 0)
  | [z] => z
  | z :: zs' => if real_on (snd (real_best zs') - snd z) then real_best zs' else z
  end.

Definition at_real_point (x : real_point) (c : candidate) : N * R := (fst c, real_value (snd c) x).

Definition real_best_at (x : real_point) (cs : list candidate) : N * R :=
  real_best (map (at_real_point x) cs).

Fixpoint real_low_states (ls : list low_layer) (x : real_point) : list N :=
  match ls with
  | [] => []
  | Mix rows :: next => real_low_states next (map (fun f => real_value f x) rows)
  | Max units carried :: next =>
      map (fun u => fst (real_best_at x u)) units ++
      real_low_states next (map (fun u => snd (real_best_at x u)) units ++
                            map (fun f => real_value f x) carried)
  end.

(* Rational points among the real ones. *)

Definition of_point (x : point) : real_point := map Q2R x.

Lemma between : forall a b : R, a < b -> exists q : Q, a < Q2R q /\ Q2R q < b.
Proof.
  intros a b L. set (n := up (/ (b - a))).
  assert (I : 0 < / (b - a)) by (apply Rinv_0_lt_compat; lra).
  destruct (archimed (/ (b - a))) as [N _]. fold n in N.
  assert (P : 0 < IZR n) by lra.
  assert (W : 1 < IZR n * (b - a)).
  { apply Rmult_lt_compat_r with (r := b - a) in N; [|lra]. rewrite Rinv_l in N; lra. }
  destruct (archimed (a * IZR n)) as [M1 M2]. set (m := up (a * IZR n)) in *.
  assert (Z : (0 < n)%Z) by (apply lt_IZR; assumption).
  exists (m # Z.to_pos n). unfold Q2R. simpl. rewrite Z2Pos.id by assumption.
  split.
  - apply Rmult_lt_reg_r with (IZR n); [assumption|].
    rewrite Rmult_assoc, Rinv_l by lra. lra.
  - apply Rmult_lt_reg_r with (IZR n); [assumption|].
    rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

Lemma dot_of_point : forall c x, real_dot c (of_point x) = Q2R (dot c x).
Proof.
  induction c; intros [|y x]; simpl; try (unfold Q2R; simpl; lra).
  rewrite Q2R_plus, Q2R_mult, IHc. reflexivity.
Qed.

Lemma value_of_point : forall f x, real_value f (of_point x) = Q2R (value f x).
Proof. intros. unfold real_value, value. rewrite Q2R_plus, dot_of_point. reflexivity. Qed.

Lemma zero_of : Q2R 0 = 0.
Proof. unfold Q2R. simpl. lra. Qed.

Lemma real_on_true : forall z, real_on z = true <-> 0 < z.
Proof. intro z. unfold real_on. destruct (Rlt_dec 0 z); split; intro; congruence || lra || auto. Qed.

Lemma real_on_false : forall z, real_on z = false <-> z <= 0.
Proof. intro z. unfold real_on. destruct (Rlt_dec 0 z); split; intro; congruence || lra || auto. Qed.

Lemma on_of : forall q, real_on (Q2R q) = on q.
Proof.
  intro q. destruct (on q) eqn:E.
  - apply on_true, Qlt_Rlt in E. rewrite zero_of in E. apply real_on_true. assumption.
  - apply on_false, Qle_Rle in E. rewrite zero_of in E. apply real_on_false. assumption.
Qed.

Lemma best_of : forall x cs,
  real_best_at (of_point x) cs = (fst (best_at x cs), Q2R (snd (best_at x cs))).
Proof.
  intros x cs. unfold real_best_at, best_at. induction cs as [|c cs IH].
  { simpl. rewrite zero_of. reflexivity. }
  destruct cs as [|d cs]; [unfold at_real_point; simpl; rewrite value_of_point; reflexivity|].
  remember (d :: cs) as rest. cbn [map].
  assert (A : forall z, real_best (z :: map (at_real_point (of_point x)) rest) =
    if real_on (snd (real_best (map (at_real_point (of_point x)) rest)) - snd z)
    then real_best (map (at_real_point (of_point x)) rest) else z) by (subst; reflexivity).
  assert (B : forall z, best (z :: map (at_point x) rest) =
    if on (snd (best (map (at_point x) rest)) - snd z)
    then best (map (at_point x) rest) else z) by (subst; reflexivity).
  rewrite A, B, IH. unfold at_real_point at 1 2. cbn [fst snd at_point].
  rewrite value_of_point, <- Q2R_minus, on_of. destruct (on _); reflexivity.
Qed.

Lemma states_of_point : forall ls x, real_low_states ls (of_point x) = low_states ls x.
Proof.
  induction ls as [|[rows | units carried] ls IH]; intro x; simpl; [reflexivity| |].
  - rewrite <- IH. f_equal. unfold of_point. rewrite map_map. apply map_ext. intro f.
    apply value_of_point.
  - f_equal.
    + apply map_ext. intro u. rewrite best_of. reflexivity.
    + rewrite <- IH. f_equal. unfold of_point at 3. rewrite map_app, !map_map. f_equal; apply map_ext;
        intro u; [rewrite best_of; reflexivity | apply value_of_point].
Qed.

Lemma in_box_of_point : forall b x, in_real_box (of_box b) (of_point x) <-> in_box b x.
Proof.
  unfold in_real_box, in_box. induction b as [|[lo hi] b IH]; intros [|y x]; simpl; split; intro H;
    try (inversion H; fail); try constructor; inversion H; subst; simpl in *.
  - destruct H3. split; apply Rlt_Qlt; assumption.
  - apply IH. assumption.
  - destruct H3. split; apply Qlt_Rlt; assumption.
  - apply IH. assumption.
Qed.

(* Beside a real point of a rational box there is a rational point of it where a linear function is
   no larger. *)
Lemma rational_below : forall b x c, in_real_box (of_box b) x ->
  exists y, in_box b y /\ Q2R (dot c y) <= real_dot c x.
Proof.
  induction b as [|[lo hi] b IH]; intros x c H; inversion H as [|? a ? x' Ha Hx]; subst.
  - exists []. split; [constructor|]. destruct c; simpl; rewrite zero_of; lra.
  - simpl in Ha. destruct (IH x' (tl c) Hx) as [y [Hy Hd]].
    set (k := match c with [] => 0%Q | k :: _ => k end).
    assert (E : exists q, (Q2R lo < Q2R q /\ Q2R q < Q2R hi) /\ Q2R k * Q2R q <= Q2R k * a).
    { destruct (Rle_dec 0 (Q2R k)).
      - destruct (between (Q2R lo) a) as [q Hq]; [lra|]. exists q. split; [lra|]. nra.
      - destruct (between a (Q2R hi)) as [q Hq]; [lra|]. exists q. split; [lra|]. nra. }
    destruct E as [q [Q K]]. exists (q :: y). split.
    + constructor; [|assumption]. simpl. split; apply Rlt_Qlt; lra.
    + unfold k in K. destruct c as [|k' c]; simpl in *; [rewrite zero_of; lra|].
      rewrite Q2R_plus, Q2R_mult. lra.
Qed.

Lemma real_dot_opp : forall c x, real_dot (map Qopp c) x = - real_dot c x.
Proof.
  induction c; intros [|y x]; simpl; try lra. rewrite Q2R_opp, IHc. lra.
Qed.

Lemma rational_above : forall b x c, in_real_box (of_box b) x ->
  exists y, in_box b y /\ real_dot c x <= Q2R (dot c y).
Proof.
  intros b x c H. destruct (rational_below b x (map Qopp c) H) as [y [Hy Hd]]. exists y.
  split; [assumption|]. rewrite real_dot_opp in Hd.
  rewrite (Qeq_eqR _ _ (dot_opp c y)), Q2R_opp in Hd. lra.
Qed.

(* A function with one state at the rational points of a box has it at all points. *)
Lemma real_side : forall b f s, (forall y, in_box b y -> on (value f y) = s) ->
  forall x, in_real_box (of_box b) x -> real_on (real_value f x) = s.
Proof.
  intros b f [|] H x Hx.
  - destruct (rational_below b x (fst f) Hx) as [y [Hy Hd]]. apply real_on_true.
    specialize (H y Hy). rewrite <- on_of, <- value_of_point in H. apply real_on_true in H.
    unfold real_value in *. rewrite dot_of_point in H. lra.
  - destruct (rational_above b x (fst f) Hx) as [y [Hy Hd]]. apply real_on_false.
    specialize (H y Hy). rewrite <- on_of, <- value_of_point in H. apply real_on_false in H.
    unfold real_value in *. rewrite dot_of_point in H. lra.
Qed.

(* The functions that the checker computes, at real points. *)

Lemma Q2R_Qred : forall q, Q2R (Qred q) = Q2R q.
Proof. intro q. apply Qeq_eqR, Qred_correct. Qed.

Lemma real_dot_add : forall c d x, real_dot (add_coefficients c d) x = real_dot c x + real_dot d x.
Proof.
  induction c; intros d x; simpl; [lra|].
  destruct d; simpl; [destruct x; lra|].
  destruct x; [lra|]. rewrite Q2R_Qred, Q2R_plus, IHc. lra.
Qed.

Lemma real_value_add : forall f g x, real_value (add f g) x = real_value f x + real_value g x.
Proof.
  intros. unfold real_value, add. simpl. rewrite Q2R_Qred, Q2R_plus, real_dot_add. lra.
Qed.

Lemma real_value_times : forall y f x, real_value (times y f) x = Q2R y * real_value f x.
Proof.
  intros. unfold real_value, times. simpl. rewrite Q2R_Qred, Q2R_mult.
  assert (E : forall c z, real_dot (map (fun a => Qred (y * a)) c) z = Q2R y * real_dot c z).
  { induction c; intros [|k z]; simpl; try lra. rewrite Q2R_Qred, Q2R_mult, IHc. lra. }
  rewrite E. lra.
Qed.

Lemma real_value_zero : forall x, real_value zero x = 0.
Proof. intro x. unfold real_value. simpl. rewrite zero_of. lra. Qed.

Lemma real_value_combination : forall y fs x,
  real_value (combination y fs) x = real_dot y (map (fun f => real_value f x) fs).
Proof.
  induction y; intros [|f fs] x; simpl; try apply real_value_zero.
  destruct (Qeq_bool a 0) eqn:E.
  - apply Qeq_bool_iff, Qeq_eqR in E. rewrite IHy, E, zero_of. lra.
  - rewrite real_value_add, real_value_times, IHy. reflexivity.
Qed.

Lemma real_value_compose : forall f fs x,
  real_value (compose f fs) x = real_value f (map (fun g => real_value g x) fs).
Proof.
  intros. unfold compose. rewrite real_value_add, real_value_combination. unfold real_value at 2 3.
  simpl. lra.
Qed.

Lemma real_coordinates : forall x,
  map (fun f => real_value f x) (coordinates (length x)) = x.
Proof.
  induction x as [|a x IH]; simpl; [reflexivity|]. f_equal.
  - unfold real_value, Q2R. simpl. lra.
  - rewrite map_map. rewrite <- IH at 2. apply map_ext. intro f. unfold real_value, shift, Q2R. simpl.
    lra.
Qed.

Lemma real_value_minus : forall f x, real_value (minus f) x = - real_value f x.
Proof. intros. unfold real_value, minus. simpl. rewrite real_dot_opp, Q2R_opp. lra. Qed.

(* Whether a is larger than b at the real points of a box follows from the rational ones. *)

Lemma real_larger : forall b f g, (forall y, in_box b y -> (value f y < value g y)%Q) ->
  forall x, in_real_box (of_box b) x -> real_value f x < real_value g x.
Proof.
  intros b f g H x Hx. assert (O : real_on (real_value (add g (minus f)) x) = true).
  { apply real_side with (b := b); [|assumption]. intros y Hy. apply on_true.
    specialize (H y Hy). rewrite value_add, value_minus. Lqa.lra. }
  apply real_on_true in O. rewrite real_value_add, real_value_minus in O. lra.
Qed.

Lemma real_no_smaller : forall b f g, (forall y, in_box b y -> (value f y <= value g y)%Q) ->
  forall x, in_real_box (of_box b) x -> real_value f x <= real_value g x.
Proof.
  intros b f g H x Hx. assert (O : real_on (real_value (add f (minus g)) x) = false).
  { apply real_side with (b := b); [|assumption]. intros y Hy. apply on_false.
    specialize (H y Hy). rewrite value_add, value_minus. Lqa.lra. }
  apply real_on_false in O. rewrite real_value_add, real_value_minus in O. lra.
Qed.

Lemma real_best_first : forall z r, Forall (fun y => snd y <= snd z) r -> real_best (z :: r) = z.
Proof.
  intros z r H. revert z H. induction r as [|y r IH]; intros z H; [reflexivity|].
  inversion H as [|? ? Hy Hr]; subst.
  assert (S : snd (real_best (y :: r)) <= snd z).
  { assert (G : forall zs, zs <> [] -> In (real_best zs) zs).
    { clear. induction zs as [|z zs IH]; intro N; [congruence|].
      destruct zs as [|y zs]; [left; reflexivity|].
      change (In (if real_on (snd (real_best (y :: zs)) - snd z) then real_best (y :: zs) else z)
                 (z :: y :: zs)).
      destruct (real_on _); [right; apply IH; discriminate | left; reflexivity]. }
    rewrite Forall_forall in H. apply H. apply G. discriminate. }
  change ((if real_on (snd (real_best (y :: r)) - snd z) then real_best (y :: r) else z) = z).
  replace (real_on (snd (real_best (y :: r)) - snd z)) with false; [reflexivity|].
  symmetry. apply real_on_false. lra.
Qed.

Lemma real_best_is : forall l c r, Forall (fun z => snd z < snd c) l ->
  Forall (fun z => snd z <= snd c) r -> real_best (l ++ c :: r) = c.
Proof.
  induction 1 as [|z l L _ IH]; intro K; [apply real_best_first; assumption|].
  specialize (IH K). cbn [app]. destruct (l ++ c :: r) as [|y rest] eqn:E; [destruct l; discriminate|].
  change ((if real_on (snd (real_best (y :: rest)) - snd z) then real_best (y :: rest) else z) = c).
  rewrite IH. replace (real_on (snd c - snd z)) with true; [reflexivity|].
  symmetry. apply real_on_true. lra.
Qed.

(* If a unit has one state at the rational points of a box, its winner is one function there. *)
Lemma real_unit : forall b u, positive_size b -> NoDup (map fst u) ->
  (forall y z, in_box b y -> in_box b z -> fst (best_at y u) = fst (best_at z u)) ->
  exists i f, (forall y, in_box b y -> best_at y u = (i, value f y)) /\
    forall x, in_real_box (of_box b) x -> real_best_at x u = (i, real_value f x).
Proof.
  intros b u B D H. destruct (box_has_point b B) as [x0 H0].
  destruct u as [|c0 u'].
  { exists 0%N, zero. split; [intros; reflexivity|]. intros. unfold real_best_at. simpl.
    rewrite real_value_zero. reflexivity. }
  remember (c0 :: u') as u. assert (E : u <> []) by (subst; discriminate).
  destruct (best_candidate x0 u E) as [l [c [r [A [W _]]]]].
  assert (K : forall y, in_box b y -> best_at y u = at_point y c /\
              Forall (fun a => value (snd a) y < value (snd c) y)%Q l /\
              Forall (fun a => value (snd a) y <= value (snd c) y)%Q r).
  { intros y Hy. destruct (best_candidate y u E) as [l1 [d [r1 [A1 [W1 X]]]]].
    specialize (H y x0 Hy H0). rewrite W, W1 in H. cbn [at_point fst] in H.
    destruct (same_split _ _ _ _ _ _ _ D A1 A H) as [X1 [X2 X3]]. subst. auto. }
  exists (fst c), (snd c). split; [intros y Hy; apply K; assumption|]. intros x Hx.
  unfold real_best_at. rewrite A, map_app. cbn [map]. apply real_best_is; apply Forall_map, Forall_forall;
    intros a I; cbn [at_real_point snd].
  - apply real_larger with (b := b); [|assumption]. intros y Hy. destruct (K y Hy) as [_ [Y _]].
    rewrite Forall_forall in Y. apply Y. assumption.
  - apply real_no_smaller with (b := b); [|assumption]. intros y Hy. destruct (K y Hy) as [_ [_ Y]].
    rewrite Forall_forall in Y. apply Y. assumption.
Qed.

(* Do the pieces of each unit have different numbers? *)
Definition numbers_differ (l : low_layer) : Prop :=
  match l with
  | Mix _ => True
  | Max units _ => Forall (fun u => NoDup (map (@fst N affine) u)) units
  end.

Lemma real_units : forall b us ss, positive_size b -> Forall (fun u => NoDup (map (@fst N affine) u)) us ->
  (forall y, in_box b y -> map (fun u => fst (best_at y u)) us = ss) ->
  exists fs,
    (forall y, in_box b y -> map (fun u => snd (best_at y u)) us = map (fun f => value f y) fs) /\
    forall x, in_real_box (of_box b) x -> map (fun u => fst (real_best_at x u)) us = ss /\
      map (fun u => snd (real_best_at x u)) us = map (fun f => real_value f x) fs.
Proof.
  intros b us ss B D. revert ss. induction D as [|u us Du D IH]; intros ss H.
  - exists []. split; [reflexivity|]. intros x Hx. destruct (box_has_point b B) as [y Hy].
    rewrite <- (H y Hy). auto.
  - destruct (box_has_point b B) as [x0 H0].
    destruct ss as [|s ss]; [specialize (H x0 H0); discriminate|].
    destruct (real_unit b u B Du) as [i [f [A1 A2]]].
    { intros y z Hy Hz. pose proof (H y Hy) as Y. pose proof (H z Hz) as Z. simpl in Y, Z. congruence. }
    destruct (IH ss) as [fs [B1 B2]].
    { intros y Hy. specialize (H y Hy). simpl in H. congruence. }
    exists (f :: fs). split.
    + intros y Hy. simpl. rewrite (A1 y Hy), (B1 y Hy). reflexivity.
    + intros x Hx. destruct (B2 x Hx) as [C1 C2]. simpl. rewrite (A2 x Hx), C1, C2. cbn [fst snd].
      split; [|reflexivity]. f_equal. specialize (H x0 H0). simpl in H. rewrite (A1 x0 H0) in H.
      cbn [fst] in H. congruence.
Qed.

(* A pattern of the rational points of a box is the pattern of all its points. *)
Lemma real_pattern : forall ls b fs t, positive_size b -> Forall numbers_differ ls ->
  (forall y, in_box b y -> low_states ls (map (fun f => value f y) fs) = t) ->
  forall x, in_real_box (of_box b) x -> real_low_states ls (map (fun f => real_value f x) fs) = t.
Proof.
  induction ls as [|l ls IH]; intros b fs t B D H x Hx.
  - destruct (box_has_point b B) as [y Hy]. exact (H y Hy).
  - assert (Q : forall rows y,
      same_point (map (fun f => value f (map (fun g => value g y) fs)) rows)
                 (map (fun g => value g y) (map (fun f => compose f fs) rows))).
    { intros rows y. rewrite map_map. apply same_point_map. intros f _. symmetry.
      apply value_compose. }
    assert (E : forall rows, map (fun f => real_value f (map (fun g => real_value g x) fs)) rows =
                map (fun g => real_value g x) (map (fun f => compose f fs) rows)).
    { intro rows. rewrite map_map. apply map_ext. intro f. symmetry. apply real_value_compose. }
    inversion D as [|? ? Dl D']; subst. destruct l as [rows | units carried]; simpl.
    + rewrite E. apply IH with (b := b); try assumption. intros y Hy. rewrite <- (H y Hy). simpl.
      symmetry. apply low_states_eq, Q.
    + rewrite E. set (us := map (map (compose_candidate fs)) units).
      set (cs := map (fun f => compose f fs) carried). set (k := length units).
      assert (S : forall y, in_box b y ->
                map (fun u => fst (best_at y u)) us = firstn k t /\
                low_states ls (map (fun u => snd (best_at y u)) us ++
                               map (fun g => value g y) cs) = skipn k t).
      { intros y Hy. pose proof (H y Hy) as T. simpl in T.
        destruct (same_entries_map _ (best_at (map (fun f => value f y) fs))
                    (fun u => best_at y (map (compose_candidate fs) u)) units) as [T1 T2].
        { intros u _. apply compose_best. unfold values. apply same_point_map. reflexivity. }
        rewrite T1 in T.
        rewrite (low_states_eq ls _ (map (fun u => snd (best_at y (map (compose_candidate fs) u))) units ++
                                     map (fun g => value g y) cs)) in T
          by (apply Forall2_app; [exact T2 | apply Q]).
        unfold us. rewrite !map_map, <- T.
        assert (K : length (map (fun u => fst (best_at y (map (compose_candidate fs) u))) units) = k)
          by apply map_length.
        rewrite <- K. split.
        - rewrite firstn_app, Nat.sub_diag, firstn_all. simpl. symmetry. apply app_nil_r.
        - rewrite skipn_app, Nat.sub_diag, skipn_all. reflexivity. }
      destruct (real_units b us (firstn k t) B) as [hs [A1 A2]].
      { unfold us. rewrite Forall_map. eapply Forall_impl; [|exact Dl]. intros u Du.
        rewrite map_map. exact Du. }
      { intros y Hy. apply S. assumption. }
      destruct (A2 x Hx) as [X1 X2].
      assert (RU : forall u, real_best_at (map (fun g => real_value g x) fs) u =
                   real_best_at x (map (compose_candidate fs) u)).
      { intro u. unfold real_best_at. f_equal. rewrite map_map. apply map_ext. intro c.
        unfold at_real_point. simpl. f_equal. symmetry. apply real_value_compose. }
      rewrite <- (firstn_skipn k t). f_equal.
      * rewrite <- X1. unfold us. rewrite map_map. apply map_ext. intro u. rewrite RU. reflexivity.
      * replace (map (fun u => snd (real_best_at (map (fun g => real_value g x) fs) u)) units)
          with (map (fun h => real_value h x) hs).
        { rewrite <- map_app. apply IH with (b := b); try assumption. intros y Hy.
          rewrite <- (proj2 (S y Hy)). rewrite map_app, (A1 y Hy). reflexivity. }
        { rewrite <- X2. unfold us. rewrite map_map. apply map_ext. intro u. rewrite RU. reflexivity. }
Qed.

(* The lowered network has the same states. *)

(* max(z, 0) *)
Definition real_relu (z : R) : R := if real_on z then z else 0.

Lemma real_best_of_relu : forall f x,
  real_best_at x (relu_unit f) = (real_state (real_value f x), real_relu (real_value f x)).
Proof.
  intros f x. unfold real_best_at, real_state, real_relu, at_real_point. simpl.
  rewrite real_value_zero, Rminus_0_r.
  destruct (real_on (real_value f x)); reflexivity.
Qed.

Lemma real_best_of_pieces : forall x fs i, fs <> [] ->
  let z := map (fun f => real_value f x) fs in
  real_best_at x (enumerate i fs) = ((i + real_winner z)%N, real_largest z).
Proof.
  intros x fs. induction fs as [|f fs IH]; intros i N; [congruence|]. destruct fs as [|g fs].
  - simpl. rewrite N.add_0_r. reflexivity.
  - assert (NE : g :: fs <> []) by discriminate. specialize (IH (N.succ i) NE).
    cbv zeta in *. set (all := g :: fs) in *.
    change (map (fun f0 => real_value f0 x) (f :: all))
      with (real_value f x :: map (fun f0 => real_value f0 x) all).
    set (zs := map (fun f0 => real_value f0 x) all) in *.
    assert (W : real_winner (real_value f x :: zs) =
                if real_on (real_largest zs - real_value f x) then N.succ (real_winner zs) else 0%N)
      by reflexivity.
    assert (L : real_largest (real_value f x :: zs) =
                if real_on (real_largest zs - real_value f x) then real_largest zs else real_value f x)
      by reflexivity.
    assert (B : real_best_at x (enumerate i (f :: all)) =
                if real_on (snd (real_best_at x (enumerate (N.succ i) all)) - real_value f x)
                then real_best_at x (enumerate (N.succ i) all) else (i, real_value f x)) by reflexivity.
    rewrite B, W, L, IH. cbn [snd]. destruct (real_on (real_largest zs - real_value f x)); f_equal; lia.
Qed.

Lemma real_value_plus : forall f b x, real_value (plus f b) x = real_value f x + Q2R b.
Proof. intros. unfold real_value, plus. simpl. rewrite Q2R_plus. lra. Qed.

Lemma real_value_shift : forall f a x, real_value (shift f) (a :: x) = real_value f x.
Proof. intros. unfold real_value, shift. simpl. rewrite zero_of. lra. Qed.

Lemma real_lower_pairs : forall act g h a b c rows carried rest x,
  (forall f, map real_state (real_switches act (real_value f x)) =
             [real_state (real_value (g f) x); real_state (real_value (h f) x)]) ->
  (forall f, Q2R a * real_relu (real_value (g f) x) + Q2R b * real_relu (real_value (h f) x) + Q2R c =
             real_activate act (real_value f x)) ->
  let z := map (fun f => real_value f x) rows in
  real_low_states (pairs g h a b c rows carried ++ rest) x =
  flat_map (fun y => map real_state (real_switches act y)) z ++
  real_low_states rest (map (real_activate act) z ++ map (fun f => real_value f x) carried).
Proof.
  intros act g h a b c rows carried rest x S A z. unfold pairs. cbn [app real_low_states]. f_equal.
  - unfold z. clear A z. induction rows as [|f rows IH]; [reflexivity|].
    cbn [flat_map map app]. rewrite S, IH, !real_best_of_relu. reflexivity.
  - f_equal. unfold z. clear S z. rewrite map_map.
    induction rows as [|f rows IH]; cbn [length sums map flat_map app].
    { rewrite <- (map_length (fun f => real_value f x) carried). apply real_coordinates. }
    f_equal.
    + rewrite <- A, !real_best_of_relu. unfold real_value at 1. simpl. lra.
    + rewrite map_map, <- IH. apply map_ext. intro k. rewrite !real_value_shift. reflexivity.
Qed.

Ltac by_states z :=
  unfold real_relu; repeat match goal with
    | |- context [real_on ?e] =>
        let E := fresh in destruct (real_on e) eqn:E;
          [apply real_on_true in E | apply real_on_false in E]
    end; try lra; try nra.

Theorem real_lower_states : forall ls x, forallb is_valid ls = true ->
  real_low_states (lower ls) x = real_states ls x.
Proof.
  induction ls as [|l ls IH]; intros x V; [reflexivity|].
  cbn [forallb] in V. apply andb_prop in V. destruct V as [Va V].
  cbn [lower flat_map real_states]. fold (lower ls).
  assert (P1 : Q2R 1 = 1) by (unfold Q2R; simpl; lra).
  destruct l as [act rows carried | units carried].
  - destruct rows as [|row rows].
    { replace (lower_layer (Each act [] carried)) with [Mix carried] by (destruct act; reflexivity).
      cbn [app real_low_states map flat_map]. apply IH. assumption. }
    unfold lower_layer. set (all := row :: rows) in *. clearbody all. clear row rows.
    destruct act as [| |slope| |lo hi].
    + cbn [app real_low_states]. rewrite IH by assumption. rewrite map_app, map_id.
      assert (E : forall z : list R, flat_map (fun y => map real_state (real_switches Linear y)) z = [])
        by (induction z; auto).
      rewrite E. reflexivity.
    + cbn [app real_low_states]. rewrite IH by assumption. rewrite !map_map. f_equal.
      * clear. induction all as [|f all H]; [reflexivity|]. cbn [map flat_map].
        rewrite H, real_best_of_relu. reflexivity.
      * f_equal. f_equal. apply map_ext. intro f. rewrite real_best_of_relu. reflexivity.
    + rewrite <- IH by assumption.
      apply real_lower_pairs; intro f; cbn [real_switches real_activate map];
        rewrite real_value_minus; [reflexivity|].
      rewrite Q2R_opp, P1, zero_of. by_states (real_value f x).
      assert (Z : real_value f x = 0) by lra. rewrite Z. lra.
    + rewrite <- IH by assumption.
      apply real_lower_pairs; intro f; cbn [real_switches real_activate map];
        rewrite real_value_minus; [reflexivity|].
      rewrite P1, zero_of. by_states (real_value f x).
    + rewrite <- IH by assumption. unfold is_valid in Va. apply on_true in Va.
      assert (L : Q2R lo < Q2R hi) by (apply Qlt_Rlt; Lqa.lra).
      apply real_lower_pairs; intro f; cbn [real_switches real_activate map];
        rewrite !real_value_plus, !Q2R_opp; [reflexivity|].
      rewrite P1. by_states (real_value f x).
  - assert (B : forall fs, real_best_at x (enumerate 0 fs) =
                (real_winner (map (fun f => real_value f x) fs),
                 real_largest (map (fun f => real_value f x) fs))).
    { intros [|f fs]; [reflexivity|]. rewrite real_best_of_pieces by discriminate. reflexivity. }
    destruct units as [|u units]; [cbn [lower_layer app real_low_states map]; apply IH; assumption|].
    cbn [lower_layer app real_low_states]. rewrite <- IH by assumption. rewrite !map_map.
    f_equal; [|f_equal; f_equal]; apply map_ext; intro fs; rewrite B; reflexivity.
Qed.

Lemma enumerate_differ : forall fs i, NoDup (map fst (enumerate i fs)).
Proof.
  assert (G : forall fs i j, (j < i)%N -> ~ In j (map fst (enumerate i fs))).
  { induction fs as [|f fs IH]; intros i j L I; simpl in I; [assumption|].
    destruct I as [I|I]; [lia | apply (IH (N.succ i) j); [lia | assumption]]. }
  induction fs as [|f fs IH]; intro i; simpl; constructor; [apply G; lia | apply IH].
Qed.

Lemma lower_differ : forall ls, Forall numbers_differ (lower ls).
Proof.
  assert (A : forall f, NoDup (map (@fst N affine) (relu_unit f))).
  { intro f. simpl. constructor; [simpl; intros [K|[]]; discriminate|].
    constructor; [intros [] | constructor]. }
  assert (B : forall g h a b c rows carried, Forall numbers_differ (pairs g h a b c rows carried)).
  { intros. unfold pairs. constructor; [|repeat constructor]. simpl.
    induction rows; simpl; constructor; [apply A|]. constructor; [apply A | assumption]. }
  induction ls as [|l ls IH]; [constructor|]. cbn [lower flat_map]. apply Forall_app.
  split; [|exact IH]. destruct l as [act [|row rows] carried | [|u units] carried];
    try (destruct act); cbn [lower_layer]; try apply B; try (repeat constructor; fail).
  - constructor; [|constructor]. simpl. constructor; [apply A|]. rewrite Forall_map. apply Forall_forall.
    intros; apply A.
  - constructor; [|constructor]. simpl. constructor; [apply enumerate_differ|]. rewrite Forall_map.
    apply Forall_forall. intros; apply enumerate_differ.
Qed.

(* Domains. *)

Lemma domain_of_point : forall d x, in_real_domain d (of_point x) <-> in_domain d x.
Proof.
  intros d x. unfold in_real_domain, in_domain.
  assert (A : Forall (fun h => real_dot (fst h) (of_point x) < Q2R (snd h)) (halves d) <->
              Forall (fun h => (dot (fst h) x < snd h)%Q) (halves d)).
  { rewrite !Forall_forall. split; intros H h I; specialize (H h I); rewrite dot_of_point in *;
      [apply Rlt_Qlt | apply Qlt_Rlt]; assumption. }
  rewrite A. destruct (within d) as [b|]; [rewrite in_box_of_point|]; reflexivity.
Qed.

(* A function that is > 0 at the rational points of an open box is > 0 on the box. *)
Lemma real_positive : forall b f, (forall y, in_box b y -> (0 < value f y)%Q) ->
  forall x, in_real_box (of_box b) x -> 0 < real_value f x.
Proof.
  intros b f H x Hx. apply real_on_true. apply real_side with (b := b); [|assumption].
  intros y Hy. apply on_true. auto.
Qed.

Lemma real_halves : forall b h, (forall y, in_box b y -> (dot (fst h) y < snd h)%Q) ->
  forall x, in_real_box (of_box b) x -> real_dot (fst h) x < Q2R (snd h).
Proof.
  intros b h H x Hx.
  assert (P : 0 < real_value (map Qopp (fst h), snd h) x).
  { apply real_positive with (b := b); [|assumption]. intros y Hy. specialize (H y Hy).
    unfold value. simpl. rewrite dot_opp. Lqa.lra. }
  unfold real_value in P. simpl in P. rewrite real_dot_opp in P. lra.
Qed.

(* A box that holds the rational points of another one holds all its points. *)
Lemma real_within : forall b c, positive_size b -> (forall y, in_box b y -> in_box c y) ->
  forall x, in_real_box (of_box b) x -> in_real_box (of_box c) x.
Proof.
  intros b c P. revert c. induction P as [|[lo hi] b L P IH]; intros c H x Hx.
  - inversion Hx; subst. specialize (H [] (Forall2_nil _)). inversion H. constructor.
  - inversion Hx as [|? a ? x' [A1 A2] Hx']; subst. simpl in *.
    destruct (box_has_point b P) as [y Hy].
    destruct (between _ _ A1) as [p [P1 P2]], (between _ _ A2) as [q [Q1 Q2]].
    assert (Hp : in_box ((lo, hi) :: b) (p :: y))
      by (constructor; [split; simpl; apply Rlt_Qlt; lra | assumption]).
    assert (Hq : in_box ((lo, hi) :: b) (q :: y))
      by (constructor; [split; simpl; apply Rlt_Qlt; lra | assumption]).
    apply H in Hp. apply H in Hq.
    inversion Hp as [|[lo' hi'] ? c' ? [B1 B2] Hc]; subst. inversion Hq as [|? ? ? ? [C1 C2] _]; subst.
    simpl in *. apply Qlt_Rlt in B1. apply Qlt_Rlt in C2. constructor; [simpl; lra|].
    apply IH; [|assumption]. intros z Hz.
    assert (K : in_box ((lo, hi) :: b) (p :: z))
      by (constructor; [split; simpl; apply Rlt_Qlt; lra | assumption]).
    apply H in K. inversion K; assumption.
Qed.

(* Within a real box there is a rational one. *)
Lemma rational_box : forall b : real_box, Forall (fun bounds => fst bounds < snd bounds) b ->
  exists c, length c = length b /\ positive_size c /\
    forall y, in_box c y -> in_real_box b (of_point y).
Proof.
  induction 1 as [|[lo hi] b L _ [c [E [P H]]]].
  - exists []. split; [reflexivity|]. split; [constructor|]. intros y Hy. inversion Hy. constructor.
  - simpl in L. destruct (between _ _ L) as [p [P1 P2]], (between _ _ P2) as [q [Q1 Q2]].
    exists ((p, q) :: c). split; [simpl; congruence|].
    split; [constructor; [simpl; apply Rlt_Qlt | ]; assumption|].
    intros y Hy. inversion Hy as [|? a ? y' [A1 A2] Hy']; subst. simpl in *.
    apply Qlt_Rlt in A1. apply Qlt_Rlt in A2. constructor; [simpl; lra|].
    apply H. assumption.
Qed.

(* What is counted over the rational numbers is counted over the real numbers, and nothing else. *)
Theorem counted_real : forall net d s, forallb is_valid (layers net) = true ->
  (counted_over_reals net d s <-> counted net d s).
Proof.
  intros net d s V. split.
  - intros [b [L [P H]]]. destruct (rational_box b P) as [c [E [Pc Hc]]]. exists c.
    split; [congruence|]. split; [assumption|]. intros x Hx.
    destruct (H _ (Hc x Hx)) as [D S]. split; [apply domain_of_point; assumption|].
    unfold pattern. rewrite <- lower_states, <- states_of_point, real_lower_states; assumption.
  - intros [b [L [P H]]]. exists (of_box b). unfold of_box at 1. rewrite map_length.
    split; [assumption|]. split.
    + unfold of_box. rewrite Forall_map. eapply Forall_impl; [|exact P]. intros [lo hi] K. simpl in *.
      apply Qlt_Rlt. assumption.
    + intros x Hx. assert (Lx : length x = length b).
      { rewrite <- (map_length (fun bounds => (Q2R (fst bounds), Q2R (snd bounds))) b).
        clear - Hx. unfold of_box in Hx. induction Hx; simpl; congruence. }
      split; [split|].
      * destruct (within d) as [c|] eqn:W; [|constructor].
        apply real_within with (b := b); [assumption | | assumption].
        intros y Hy. destruct (H y Hy) as [[D _] _]. rewrite W in D. assumption.
      * apply Forall_forall. intros h I. apply real_halves with (b := b); [|assumption].
        intros y Hy. destruct (H y Hy) as [[_ D] _]. rewrite Forall_forall in D. auto.
      * rewrite <- real_lower_states by assumption. rewrite <- (real_coordinates x), Lx.
        apply real_pattern with (b := b); [assumption | apply lower_differ | | assumption]. intros y Hy.
        destruct (H y Hy) as [_ S]. rewrite <- S. unfold pattern.
        rewrite <- lower_states by assumption. rewrite <- (in_box_length _ _ Hy).
        apply low_states_eq, coordinates_values.
Qed.

Print Assumptions counted_real.
