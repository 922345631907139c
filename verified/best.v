(* The first of the largest numbers of a list: which others can be left out, and which one it is. *)
Require Import QArith List Lia Lqa.
From Verified Require Import spec affine lower.
Import ListNotations.

Lemma empty_or_not : forall (A : Type) (l : list A), l = [] \/ l <> [].
Proof. intros A [|a l]; [left; reflexivity | right; discriminate]. Qed.

Lemma best_cons : forall z zs, zs <> [] ->
  best (z :: zs) = if on (snd (best zs) - snd z) then best zs else z.
Proof. intros z [|y zs] N; [congruence | reflexivity]. Qed.

Lemma best_in : forall zs, zs <> [] -> In (best zs) zs.
Proof.
  induction zs as [|z zs IH]; intro N; [congruence|]. destruct zs as [|y zs]; [left; reflexivity|].
  rewrite best_cons by discriminate. destruct (on _); [right; apply IH; discriminate | left; reflexivity].
Qed.

Lemma best_ge : forall zs z, In z zs -> snd z <= snd (best zs).
Proof.
  induction zs as [|y zs IH]; intros z I; [destruct I|]. destruct zs as [|y' zs].
  - destruct I as [|[]]. subst. simpl. lra.
  - rewrite best_cons by discriminate. destruct (on _) eqn:O; [apply on_true in O | apply on_false in O];
      (destruct I as [I|I]; [subst z | specialize (IH z I)]); lra.
Qed.

(* What is smaller than one behind it, and what is no larger than one before it, can be left out. *)

Lemma best_drop_first : forall a b zs, In b zs -> snd a < snd b -> best (a :: zs) = best zs.
Proof.
  intros a b zs I L. pose proof (best_ge zs b I) as G. rewrite best_cons by (intro; subst; destruct I).
  replace (on (snd (best zs) - snd a)) with true; [reflexivity|]. symmetry. apply on_true. lra.
Qed.

Lemma best_with : forall b r m, m ++ r <> [] -> best (m ++ b :: r) = best (m ++ r) \/
  (best (m ++ b :: r) = b /\ snd (best (m ++ r)) <= snd b).
Proof.
  intros b r. induction m as [|e m IH]; intro N; cbn [app] in *.
  - rewrite best_cons by assumption. destruct (on _) eqn:O; [left; reflexivity | right].
    apply on_false in O. split; [reflexivity | lra].
  - assert (N' : m ++ b :: r <> []) by (intro K; apply app_eq_nil in K; destruct K; discriminate).
    rewrite best_cons by assumption. destruct (empty_or_not _ (m ++ r)) as [E|E].
    + apply app_eq_nil in E. destruct E. subst. simpl.
      destruct (on (snd b - snd e)) eqn:O; [right | left; reflexivity].
      apply on_true in O. split; [reflexivity | lra].
    + rewrite (best_cons e (m ++ r)) by assumption. destruct (IH E) as [B | [B L]]; rewrite B.
      * left. reflexivity.
      * destruct (on (snd b - snd e)) eqn:O; [right | left].
        { apply on_true in O. split; [reflexivity|]. destruct (on _); lra. }
        { apply on_false in O. replace (on (snd (best (m ++ r)) - snd e)) with false; [reflexivity|].
          symmetry. apply on_false. lra. }
Qed.

Lemma best_drop_second : forall a b m r, snd b <= snd a ->
  best (a :: m ++ b :: r) = best (a :: m ++ r).
Proof.
  intros a b m r L.
  rewrite best_cons by (intro K; apply app_eq_nil in K; destruct K; discriminate).
  destruct (empty_or_not _ (m ++ r)) as [E|E].
  - apply app_eq_nil in E. destruct E. subst. simpl.
    replace (on (snd b - snd a)) with false; [reflexivity|]. symmetry. apply on_false. lra.
  - rewrite best_cons by assumption. destruct (best_with b r m E) as [B | [B G]]; rewrite B; [reflexivity|].
    replace (on (snd b - snd a)) with false by (symmetry; apply on_false; lra).
    replace (on (snd (best (m ++ r)) - snd a)) with false by (symmetry; apply on_false; lra).
    reflexivity.
Qed.

(* It is larger than those before it, and no smaller than those behind it. *)

Lemma best_split : forall zs, zs <> [] -> exists l r, zs = l ++ best zs :: r /\
  Forall (fun z => snd z < snd (best zs)) l /\ Forall (fun z => snd z <= snd (best zs)) r.
Proof.
  induction zs as [|z zs IH]; intro N; [congruence|].
  destruct (empty_or_not _ zs) as [E|E]; [subst; exists [], []; auto|].
  pose proof (best_ge zs) as G. rewrite best_cons by assumption. destruct (on _) eqn:O.
  - apply on_true in O. destruct (IH E) as [l [r [A [B C]]]]. exists (z :: l), r.
    split; [cbn [app]; congruence|]. split; [constructor; [lra | assumption] | assumption].
  - apply on_false in O. exists [], zs. split; [reflexivity|]. split; [constructor|].
    apply Forall_forall. intros y I. specialize (G y I). lra.
Qed.

Lemma best_is : forall l c r, Forall (fun z => snd z < snd c) l -> Forall (fun z => snd z <= snd c) r ->
  best (l ++ c :: r) = c.
Proof.
  induction 1 as [|z l L _ IH]; intro R; cbn [app].
  - destruct r as [|y r]; [reflexivity|]. rewrite best_cons by discriminate.
    assert (N : y :: r <> []) by discriminate. pose proof (best_in (y :: r) N) as I.
    rewrite Forall_forall in R. specialize (R _ I).
    replace (on (snd (best (y :: r)) - snd c)) with false; [reflexivity|].
    symmetry. apply on_false. lra.
  - rewrite best_cons by (intro K; apply app_eq_nil in K; destruct K; discriminate).
    rewrite IH by assumption. replace (on (snd c - snd z)) with true; [reflexivity|].
    symmetry. apply on_true. lra.
Qed.
