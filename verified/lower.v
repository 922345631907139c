(* The other activations by pairs of ReLU units, and these by units with two pieces
   (src/check/FORMAT.md, "Other activations"). *)
Require Import QArith List Lia Lqa.
From Verified Require Import spec affine.
Import ListNotations.

(* A unit with several pieces, each with its number. *)
Definition candidate := (N * affine)%type.

(* A layer whose units are linear, or pass the largest of their pieces on; and what it carries. *)
Inductive low_layer :=
| Mix (rows : list affine)
| Max (units : list (list candidate)) (carried : list affine).

Definition at_point (x : point) (c : candidate) : N * Q := (fst c, value (snd c) x).

(* The first of the largest, with its number. *)
Fixpoint best (zs : list (N * Q)) : N * Q :=
  match zs with
  | [] => (0%N, 0)
  | [z] => z
  | z :: zs' => if on (snd (best zs') - snd z) then best zs' else z
  end.

Definition best_at (x : point) (cs : list candidate) : N * Q := best (map (at_point x) cs).

Fixpoint low_states (ls : list low_layer) (x : point) : list N :=
  match ls with
  | [] => []
  | Mix rows :: next => low_states next (map (fun f => value f x) rows)
  | Max units carried :: next =>
      map (fun u => fst (best_at x u)) units ++
      low_states next (map (fun u => snd (best_at x u)) units ++ map (fun f => value f x) carried)
  end.

(* A ReLU unit passes the larger of 0 and f on. *)
Definition relu_unit (f : affine) : list candidate := [(0%N, zero); (1%N, f)].

Fixpoint enumerate (i : N) (fs : list affine) : list candidate :=
  match fs with
  | [] => []
  | f :: fs' => (i, f) :: enumerate (N.succ i) fs'
  end.

(* f + b *)
Definition plus (f : affine) (b : Q) : affine := (fst f, snd f + b).

(* Of k pairs x, y of numbers, the sums a x + b y + c; and the m numbers behind them. *)
Fixpoint sums (a b c : Q) (k m : nat) : list affine :=
  match k with
  | O => coordinates m
  | S k' => ([a; b], c) :: map (fun f => shift (shift f)) (sums a b c k' m)
  end.

(* The units of g f and h f for each row f, and the sums of what they pass on. *)
Definition pairs (g h : affine -> affine) (a b c : Q) (rows carried : list affine) : list low_layer :=
  [Max (flat_map (fun f => [relu_unit (g f); relu_unit (h f)]) rows) carried;
   Mix (sums a b c (length rows) (length carried))].

Definition lower_layer (l : layer) : list low_layer :=
  match l with
  | Each _ [] carried => [Mix carried]
  | Maxout [] carried => [Mix carried]
  | Each Linear rows carried => [Mix (rows ++ carried)]
  | Each Relu rows carried => [Max (map relu_unit rows) carried]
  | Each (LeakyRelu slope) rows carried => pairs (fun f => f) minus 1 (- slope) 0 rows carried
  | Each Abs rows carried => pairs (fun f => f) minus 1 1 0 rows carried
  | Each (Clip low high) rows carried =>
      pairs (fun f => plus f (- low)) (fun f => plus f (- high)) 1 (- (1)) low rows carried
  | Maxout units carried => [Max (map (enumerate 0) units) carried]
  end.

Definition lower (ls : list layer) : list low_layer := flat_map lower_layer ls.

(* Equal points have equal states. *)

Definition same_entry (a b : N * Q) : Prop := fst a = fst b /\ snd a == snd b.

Lemma best_eq : forall zs ys, Forall2 same_entry zs ys -> same_entry (best zs) (best ys).
Proof.
  induction 1 as [|z y zs ys E H IH]; [split; reflexivity|].
  destruct H as [|z' y' zs ys E' H]; [assumption|].
  set (bz := best (z' :: zs)) in *. set (b := best (y' :: ys)) in *.
  change (same_entry (if on (snd bz - snd z) then bz else z) (if on (snd b - snd y) then b else y)).
  replace (on (snd bz - snd z)) with (on (snd b - snd y)); [destruct (on _); assumption|].
  destruct E as [_ E], IH as [_ IH]. apply on_eq. rewrite E, IH. reflexivity.
Qed.

Lemma same_entries_map : forall (A : Type) (g h : A -> N * Q) l,
  (forall a, In a l -> same_entry (g a) (h a)) ->
  map (fun a => fst (g a)) l = map (fun a => fst (h a)) l /\
  same_point (map (fun a => snd (g a)) l) (map (fun a => snd (h a)) l).
Proof.
  intros A g h l H. split.
  - apply map_ext_in. intros a I. apply H. assumption.
  - apply same_point_map. intros a I. apply H. assumption.
Qed.

Lemma best_at_eq : forall x y, same_point x y -> forall u, same_entry (best_at x u) (best_at y u).
Proof.
  intros x y H u. apply best_eq. induction u; simpl; constructor; [|assumption].
  split; [reflexivity | apply value_eq; assumption].
Qed.

Lemma low_states_eq : forall ls x y, same_point x y -> low_states ls x = low_states ls y.
Proof.
  induction ls as [|[rows | units carried] ls IH]; intros x y H; simpl; [reflexivity| |].
  - apply IH. apply same_point_map. auto using value_eq.
  - destruct (same_entries_map _ (best_at x) (best_at y) units) as [E S];
      [intros; apply best_at_eq; assumption|].
    rewrite E. f_equal. apply IH. apply Forall2_app; [assumption|].
    apply same_point_map. auto using value_eq.
Qed.

(* The lowered network has the same states. *)

(* max(z, 0) *)
Definition relu (z : Q) : Q := if on z then z else 0.

Lemma best_of_relu : forall f x, same_entry (best_at x (relu_unit f)) (state (value f x), relu (value f x)).
Proof.
  intros f x. unfold best_at, state, relu. simpl.
  assert (E : on (value f x - value zero x) = on (value f x))
    by (apply on_eq; rewrite value_zero; ring).
  rewrite E. destruct (on (value f x)); split; reflexivity.
Qed.

Lemma best_of_pieces : forall x fs i, fs <> [] ->
  let z := map (fun f => value f x) fs in
  best_at x (enumerate i fs) = ((i + winner z)%N, largest z).
Proof.
  intros x fs. induction fs as [|f fs IH]; intros i N; [congruence|]. destruct fs as [|g fs].
  - simpl. rewrite N.add_0_r. reflexivity.
  - assert (NE : g :: fs <> []) by discriminate. specialize (IH (N.succ i) NE).
    cbv zeta in *. set (all := g :: fs) in *.
    change (map (fun f0 => value f0 x) (f :: all)) with (value f x :: map (fun f0 => value f0 x) all).
    set (zs := map (fun f0 => value f0 x) all) in *.
    assert (W : winner (value f x :: zs) = if on (largest zs - value f x) then N.succ (winner zs) else 0%N)
      by reflexivity.
    assert (L : largest (value f x :: zs) = if on (largest zs - value f x) then largest zs else value f x)
      by reflexivity.
    assert (B : best_at x (enumerate i (f :: all)) =
                if on (snd (best_at x (enumerate (N.succ i) all)) - value f x)
                then best_at x (enumerate (N.succ i) all) else (i, value f x)) by reflexivity.
    rewrite B, W, L, IH. cbn [snd]. destruct (on (largest zs - value f x)); f_equal; lia.
Qed.

Lemma value_plus : forall f b x, value (plus f b) x == value f x + b.
Proof. intros. unfold value, plus. simpl. ring. Qed.

Lemma lower_pairs : forall act g h a b c rows carried rest x,
  (forall f, map state (switches act (value f x)) = [state (value (g f) x); state (value (h f) x)]) ->
  (forall f, a * relu (value (g f) x) + b * relu (value (h f) x) + c == activate act (value f x)) ->
  let z := map (fun f => value f x) rows in
  low_states (pairs g h a b c rows carried ++ rest) x =
  flat_map (fun y => map state (switches act y)) z ++
  low_states rest (map (activate act) z ++ map (fun f => value f x) carried).
Proof.
  intros act g h a b c rows carried rest x S A z. unfold pairs. cbn [app low_states]. f_equal.
  - unfold z. clear A z. induction rows as [|f rows IH]; [reflexivity|].
    cbn [flat_map map app]. rewrite S, IH, (proj1 (best_of_relu (g f) x)), (proj1 (best_of_relu (h f) x)).
    reflexivity.
  - apply low_states_eq. unfold z. clear S z. rewrite map_map.
    induction rows as [|f rows IH]; cbn [length sums map flat_map app].
    { pose proof (coordinates_values (map (fun f => value f x) carried)) as K.
      rewrite map_length in K. exact K. }
    constructor.
    + rewrite <- A. unfold value at 1. simpl dot.
      rewrite (proj2 (best_of_relu (g f) x)), (proj2 (best_of_relu (h f) x)). simpl. ring.
    + rewrite map_map. eapply same_point_trans; [|exact IH]. apply same_point_map. intros k _.
      rewrite !value_shift. reflexivity.
Qed.

Lemma state_eq : forall a b, a == b -> state a = state b.
Proof. intros a b H. unfold state. rewrite (on_eq a b H). reflexivity. Qed.

Theorem lower_states : forall ls x, forallb is_valid ls = true ->
  low_states (lower ls) x = states ls x.
Proof.
  induction ls as [|l ls IH]; intros x V; [reflexivity|].
  cbn [forallb] in V. apply andb_prop in V. destruct V as [Va V].
  cbn [lower flat_map states]. fold (lower ls).
  destruct l as [act rows carried | units carried].
  - destruct rows as [|row rows].
    { replace (lower_layer (Each act [] carried)) with [Mix carried] by (destruct act; reflexivity).
      cbn [app low_states map flat_map]. apply IH. assumption. }
    unfold lower_layer. set (all := row :: rows) in *. clearbody all. clear row rows.
    destruct act as [| |slope| |lo hi].
    + cbn [app low_states]. rewrite IH by assumption. rewrite map_app, map_id.
      assert (E : forall z : list Q, flat_map (fun y => map state (switches Linear y)) z = [])
        by (induction z; auto).
      rewrite E. reflexivity.
    + cbn [app low_states]. rewrite <- IH by assumption.
      destruct (same_entries_map _ (fun f => best_at x (relu_unit f))
                  (fun f => (state (value f x), relu (value f x))) all) as [E S];
        [intros; apply best_of_relu|].
      rewrite !map_map, E. f_equal.
      * cbn [fst]. clear. induction all as [|f all H]; [reflexivity|]. simpl in *. f_equal. assumption.
      * apply low_states_eq, Forall2_app; [exact S|]. apply same_point_map. reflexivity.
    + rewrite <- IH by assumption. apply lower_pairs; intro f; cbn [switches activate map].
      * rewrite (state_eq _ _ (value_minus f x)). reflexivity.
      * unfold relu. rewrite (on_eq _ _ (value_minus f x)). pose proof (value_minus f x) as E.
        destruct (on (value f x)) eqn:P, (on (- value f x)) eqn:M;
          rewrite ?on_true, ?on_false in *; [lra | lra | rewrite E; ring |].
        setoid_replace (value f x) with 0 by lra. ring.
    + rewrite <- IH by assumption. apply lower_pairs; intro f; cbn [switches activate map].
      * rewrite (state_eq _ _ (value_minus f x)). reflexivity.
      * unfold relu. rewrite (on_eq _ _ (value_minus f x)). pose proof (value_minus f x).
        destruct (on (value f x)) eqn:P, (on (- value f x)) eqn:M;
          rewrite ?on_true, ?on_false in *; lra.
    + rewrite <- IH by assumption. unfold is_valid in Va. apply on_true in Va.
      apply lower_pairs; intro f; cbn [switches activate map].
      * rewrite (state_eq _ _ (value_plus f (- lo) x)), (state_eq _ _ (value_plus f (- hi) x)).
        reflexivity.
      * unfold relu. rewrite (on_eq _ _ (value_plus f (- lo) x)), (on_eq _ _ (value_plus f (- hi) x)).
        pose proof (value_plus f (- lo) x). pose proof (value_plus f (- hi) x). unfold Qminus in *.
        destruct (on (value f x + - lo)) eqn:P, (on (value f x + - hi)) eqn:M;
          rewrite ?on_true, ?on_false in *; lra.
  - assert (B : forall fs, best_at x (enumerate 0 fs) =
                (winner (map (fun f => value f x) fs), largest (map (fun f => value f x) fs))).
    { intros [|f fs]; [reflexivity|]. rewrite best_of_pieces by discriminate. reflexivity. }
    destruct units as [|u units]; [cbn [lower_layer app low_states map]; apply IH; assumption|].
    cbn [lower_layer app low_states]. rewrite <- IH by assumption. rewrite !map_map.
    f_equal; [|f_equal; f_equal]; apply map_ext; intro fs; rewrite B; reflexivity.
Qed.
