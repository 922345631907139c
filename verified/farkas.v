(* Farkas: f = y_1 a_1 + ... + y_m a_m + t with y_i >= 0 and t >= 0 is >= 0 where all a_i are. *)
Require Import QArith Qreduction List Lia Lqa.
From Verified Require Import spec affine.
Import ListNotations.

(* Do the multipliers y of the support show that f >= 0? *)
Definition shows (y : list Q) (support : list affine) (f : affine) : bool :=
  let t := add f (minus (combination y support)) in
  forallb (Qle_bool 0) y && constant t && Qle_bool 0 (snd t).

Lemma dot_nonneg : forall y v, forallb (Qle_bool 0) y = true -> Forall (fun a => 0 <= a) v ->
  0 <= dot y v.
Proof.
  induction y; intros v H P; simpl in *; [lra|].
  destruct P as [|b v Pb Pv]; [lra|]. apply andb_prop in H. destruct H as [Ha Hy].
  apply Qle_bool_iff in Ha. specialize (IHy v Hy Pv). nra.
Qed.

Theorem farkas : forall y support f x, shows y support f = true ->
  Forall (fun a => 0 <= value a x) support -> 0 <= value f x.
Proof.
  intros y support f x H P. unfold shows in H.
  apply andb_prop in H. destruct H as [H Ht]. apply andb_prop in H. destruct H as [Hy Hc].
  apply Qle_bool_iff in Ht. pose proof (value_constant _ x Hc) as E.
  rewrite value_add, value_minus, value_combination in E.
  assert (V : Forall (fun a => 0 <= a) (map (fun a => value a x) support))
    by (apply Forall_map; assumption).
  pose proof (dot_nonneg y _ Hy V). lra.
Qed.

(* The multipliers, by Gaussian elimination. Nothing is proved of them, since `shows` checks them.
   An equation c_1 y_1 + ... + c_m y_m = r has a right side for each of the functions to be shown. *)
Definition equation := (list Q * list Q)%type.

Definition scaled (q : Q) (c : list Q) : list Q := map (fun a => Qred (q * a)) c.

(* The first equation in which y_1 has a coefficient, and the others. *)
Fixpoint pivot (es : list equation) : option (Q * equation * list equation) :=
  match es with
  | [] => None
  | (c, r) :: es' =>
      if Qeq_bool (hd 0 c) 0 then
        match pivot es' with
        | Some (p, e, rest) => Some (p, e, (c, r) :: rest)
        | None => None
        end
      else Some (hd 0 c, (tl c, r), es')
  end.

(* Takes y_1 out of an equation. *)
Definition eliminate (p : Q) (e : equation) (other : equation) : equation :=
  let (c, r) := other in
  if Qeq_bool (hd 0 c) 0 then (tl c, r)
  else let q := Qred (- hd 0 c / p) in
       (add_coefficients (scaled q (fst e)) (tl c), add_coefficients (scaled q (snd e)) r).

Fixpoint sum_of (c : list Q) (ys : list (list Q)) : list Q :=
  match c, ys with
  | a :: c', y :: ys' => add_coefficients (scaled a y) (sum_of c' ys')
  | _, _ => []
  end.

(* For each of m unknowns its values, one for each right side; None if the columns depend on one
   another. *)
Fixpoint solve (m : nat) (es : list equation) : option (list (list Q)) :=
  match m with
  | O => Some []
  | S m' =>
      match pivot es with
      | None => None
      | Some (p, e, rest) =>
          match solve m' (map (eliminate p e) rest) with
          | None => None
          | Some ys =>
              Some (scaled (Qred (/ p)) (add_coefficients (snd e) (scaled (-1) (sum_of (fst e) ys)))
                    :: ys)
          end
      end
  end.

(* One equation for each of n coordinates. *)
Fixpoint equations (n : nat) (support fs : list (list Q)) : list equation :=
  match n with
  | O => []
  | S m => (map (hd 0) support, map (hd 0) fs) :: equations m (map (@tl Q) support) (map (@tl Q) fs)
  end.

(* The rows of a matrix with the columns ys, as many as fs has entries. *)
Fixpoint transpose {A : Type} (fs : list A) (ys : list (list Q)) : list (list Q) :=
  match fs with
  | [] => []
  | _ :: fs' => map (hd 0) ys :: transpose fs' (map (@tl Q) ys)
  end.

(* The multipliers of the support for each of the functions fs. As many equations as there are
   unknowns often are enough. *)
Definition multipliers (n : nat) (support fs : list affine) : option (list (list Q)) :=
  let m := length support in
  let from n := solve m (equations n (map fst support) (map fst fs)) in
  match match from (Nat.min m n) with Some ys => Some ys | None => from n end with
  | None => None
  | Some ys => Some (transpose fs ys)
  end.
