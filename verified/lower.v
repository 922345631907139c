(* The other activations by pairs of ReLU units (src/check/FORMAT.md, "Other activations"). *)
Require Import QArith List Lia Lqa.
From Verified Require Import spec affine.
Import ListNotations.

(* A layer whose units are all linear, or all ReLU units, with those that it carries. *)
Inductive low_layer := Mix (rows : list affine) | Switch (rows carried : list affine).

(* ReLU: max(z, 0). *)
Definition relu (z : Q) : Q := if on z then z else 0.

(* The states of the ReLU units. *)
Fixpoint low_states (ls : list low_layer) (x : point) : list bool :=
  match ls with
  | [] => []
  | Mix rows :: next => low_states next (map (fun f => value f x) rows)
  | Switch rows carried :: next =>
      let z := map (fun f => value f x) rows in
      map on z ++ low_states next (map relu z ++ map (fun f => value f x) carried)
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
  [Switch (flat_map (fun f => [g f; h f]) rows) carried;
   Mix (sums a b c (length rows) (length carried))].

Definition lower_layer (l : layer) : list low_layer :=
  match l with
  | (_, [], carried) => [Mix carried]
  | (Linear, rows, carried) => [Mix (rows ++ carried)]
  | (Relu, rows, carried) => [Switch rows carried]
  | (LeakyRelu slope, rows, carried) => pairs (fun f => f) minus 1 (- slope) 0 rows carried
  | (Abs, rows, carried) => pairs (fun f => f) minus 1 1 0 rows carried
  | (Clip low high, rows, carried) =>
      pairs (fun f => plus f (- low)) (fun f => plus f (- high)) 1 (- (1)) low rows carried
  end.

Definition lower (ls : list layer) : list low_layer := flat_map lower_layer ls.

(* Equal points have equal states. *)

Lemma relu_eq : forall a b, a == b -> relu a == relu b.
Proof. intros a b H. unfold relu. rewrite (on_eq a b H). destruct (on b); [assumption | reflexivity]. Qed.

Lemma map_relu_eq : forall x y, same_point x y -> same_point (map relu x) (map relu y).
Proof. induction 1; simpl; constructor; auto using relu_eq. Qed.

Lemma low_states_eq : forall ls x y, same_point x y -> low_states ls x = low_states ls y.
Proof.
  induction ls as [|[rows | rows carried] ls IH]; intros x y H; simpl; [reflexivity| |].
  - apply IH. apply same_point_map. auto using value_eq.
  - assert (E : same_point (map (fun f => value f x) rows) (map (fun f => value f y) rows))
      by (apply same_point_map; auto using value_eq).
    rewrite (map_on_eq _ _ E). f_equal. apply IH. apply Forall2_app; [apply map_relu_eq; assumption|].
    apply same_point_map. auto using value_eq.
Qed.

(* The lowered network has the same states. *)

Lemma value_plus : forall f b x, value (plus f b) x == value f x + b.
Proof. intros. unfold value, plus. simpl. ring. Qed.

Lemma lower_pairs : forall act g h a b c rows carried rest x,
  (forall f, map on (switches act (value f x)) = [on (value (g f) x); on (value (h f) x)]) ->
  (forall f, a * relu (value (g f) x) + b * relu (value (h f) x) + c == activate act (value f x)) ->
  let z := map (fun f => value f x) rows in
  low_states (pairs g h a b c rows carried ++ rest) x =
  flat_map (fun y => map on (switches act y)) z ++
  low_states rest (map (activate act) z ++ map (fun f => value f x) carried).
Proof.
  intros act g h a b c rows carried rest x S A z. unfold pairs. cbn [app low_states]. f_equal.
  - unfold z. clear A z. induction rows as [|f rows IH]; [reflexivity|].
    cbn [flat_map map app]. rewrite S, IH. reflexivity.
  - apply low_states_eq.
    assert (E : forall rs, map relu (map (fun f => value f x) (flat_map (fun f => [g f; h f]) rs)) =
                flat_map (fun f => [relu (value (g f) x); relu (value (h f) x)]) rs).
    { induction rs as [|f rs IH]; [reflexivity|]. cbn [flat_map map app]. rewrite IH. reflexivity. }
    rewrite E. clear E S. unfold z. clear z. rewrite map_map.
    induction rows as [|f rows IH]; cbn [length sums map flat_map app].
    { pose proof (coordinates_values (map (fun f => value f x) carried)) as K.
      rewrite map_length in K. exact K. }
    constructor.
    + rewrite <- A. unfold value at 1. simpl. ring.
    + rewrite map_map. eapply same_point_trans; [|exact IH]. apply same_point_map. intros k _.
      rewrite !value_shift. reflexivity.
Qed.

Theorem lower_states : forall ls x, forallb is_valid ls = true ->
  low_states (lower ls) x = states ls x.
Proof.
  induction ls as [|[[act rows] carried] ls IH]; intros x V; [reflexivity|].
  cbn [forallb] in V. apply andb_prop in V. destruct V as [Va V].
  cbn [lower flat_map states]. fold (lower ls).
  destruct rows as [|row rows].
  { replace (lower_layer (act, [], carried)) with [Mix carried] by (destruct act; reflexivity).
    cbn [app low_states map flat_map]. apply IH. assumption. }
  unfold lower_layer. set (all := row :: rows) in *. clearbody all. clear row rows.
  destruct act as [| |slope| |lo hi].
  - cbn [app low_states]. rewrite IH by assumption. rewrite map_app, map_id.
    assert (E : forall z : list Q, flat_map (fun y => map on (switches Linear y)) z = [])
      by (induction z; auto).
    rewrite E. reflexivity.
  - cbn [app low_states]. rewrite IH by assumption. f_equal.
  - rewrite <- IH by assumption. apply lower_pairs; intro f; cbn [switches activate map].
    + rewrite (on_eq _ _ (value_minus f x)). reflexivity.
    + unfold relu. rewrite (on_eq _ _ (value_minus f x)). pose proof (value_minus f x) as E.
      destruct (on (value f x)) eqn:P, (on (- value f x)) eqn:M;
        rewrite ?on_true, ?on_false in *; [lra | lra | rewrite E; ring |].
      setoid_replace (value f x) with 0 by lra. ring.
  - rewrite <- IH by assumption. apply lower_pairs; intro f; cbn [switches activate map].
    + rewrite (on_eq _ _ (value_minus f x)). reflexivity.
    + unfold relu. rewrite (on_eq _ _ (value_minus f x)). pose proof (value_minus f x).
      destruct (on (value f x)) eqn:P, (on (- value f x)) eqn:M;
        rewrite ?on_true, ?on_false in *; lra.
  - rewrite <- IH by assumption. unfold is_valid in Va. cbn [fst] in Va. apply on_true in Va.
    apply lower_pairs; intro f; cbn [switches activate map].
    + rewrite (on_eq _ _ (value_plus f (- lo) x)), (on_eq _ _ (value_plus f (- hi) x)). reflexivity.
    + unfold relu. rewrite (on_eq _ _ (value_plus f (- lo) x)), (on_eq _ _ (value_plus f (- hi) x)).
      pose proof (value_plus f (- lo) x). pose proof (value_plus f (- hi) x). unfold Qminus in *.
      destruct (on (value f x + - lo)) eqn:P, (on (value f x + - hi)) eqn:M;
        rewrite ?on_true, ?on_false in *; lra.
Qed.
