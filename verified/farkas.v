(* Farkas: f = y_1 a_1 + ... + y_m a_m + t with y_i >= 0 and t >= 0 is >= 0 where all a_i are. The
   functions have integer coefficients, and y and t a common denominator d. *)
Require Import QArith ZArith List Lia Lqa.
From Verified Require Import spec affine whole.
Import ListNotations.

(* f - y_1 a_1 - ... - y_m a_m *)
Fixpoint remainder (y : list Z) (support : list whole) (f : whole) : whole :=
  match y, support with
  | a :: y', g :: support' =>
      if Z.eqb a 0 then remainder y' support' f
      else remainder y' support' (mixed 1 (- a) f g)
  | _, _ => f
  end.

(* Do the multipliers y of the support show that d f >= 0? *)
Definition shows (d : Z) (y : list Z) (support : list whole) (f : whole) : bool :=
  let t := remainder y support (mixed d 0 f ([], 0%Z)) in
  Z.ltb 0 d && forallb (Z.leb 0) y && whole_constant t && Z.leb 0 (snd t).

Lemma remainder_le : forall y support f x, forallb (Z.leb 0) y = true ->
  Forall (fun a => 0 <= value (of_whole a) x) support ->
  value (of_whole (remainder y support f)) x <= value (of_whole f) x.
Proof.
  induction y as [|a y IH]; intros support f x H P; simpl in *; [lra|].
  destruct P as [|g support Pg P]; [lra|]. apply andb_prop in H. destruct H as [Ha Hy].
  destruct (Z.eqb a 0); [apply IH; assumption|].
  eapply Qle_trans; [apply IH; assumption|]. rewrite value_mixed, inject_Z_opp.
  apply Zle_bool_imp_le in Ha. rewrite Zle_Qle in Ha. change (inject_Z 1) with 1.
  change (inject_Z 0) with 0 in Ha. nra.
Qed.

Theorem farkas : forall d y support f x, shows d y support f = true ->
  Forall (fun a => 0 <= value (of_whole a) x) support -> 0 <= value (of_whole f) x.
Proof.
  intros d y support f x H P. unfold shows in H. set (t := remainder _ _ _) in *.
  repeat (apply andb_prop in H; destruct H as [H ?]).
  match goal with C : whole_constant t = true |- _ => pose proof (value_whole_constant t x C) as E end.
  match goal with S : Z.leb 0 (snd t) = true |- _ => apply Zle_bool_imp_le in S; rewrite Zle_Qle in S end.
  match goal with Y : forallb _ y = true |- _ =>
    pose proof (remainder_le y support (mixed d 0 f ([], 0%Z)) x Y P) as R end.
  fold t in R. rewrite value_mixed in R. change (inject_Z 0) with 0 in *.
  apply Z.ltb_lt in H. rewrite Zlt_Qlt in H. change (inject_Z 0) with 0 in H.
  apply Qnot_lt_le. intro L. nra.
Qed.

(* The multipliers, by elimination in integers: after each step all numbers are determinants, and can be
   divided by the pivot before. Nothing is proved of them, since `shows` checks them. A row is an
   equation c_1 y_1 + ... + c_m y_m = r, with a right side for each of the functions to be shown. *)

(* The first row in which y_1 has a coefficient, and the others. *)
Fixpoint pivot_row (rows : list (list Z)) : option (list Z * list (list Z)) :=
  match rows with
  | [] => None
  | row :: rows' =>
      if Z.eqb (hd 0%Z row) 0 then
        match pivot_row rows' with
        | Some (p, rest) => Some (p, row :: rest)
        | None => None
        end
      else Some (row, rows')
  end.

(* (p a - h b) / before *)
Fixpoint combined (p h before : Z) (row pivot : list Z) : list Z :=
  match row, pivot with
  | a :: row', b :: pivot' => ((p * a - h * b) / before)%Z :: combined p h before row' pivot'
  | _, _ => []
  end.

(* Takes y_1 out of a row. *)
Definition eliminate_row (before : Z) (pivot row : list Z) : list Z :=
  combined (hd 0%Z pivot) (hd 0%Z row) before (tl row) (tl pivot).

(* The common denominator, and for each of m unknowns its values, one for each right side; None if the
   columns depend on one another. `solved` are the rows of the unknowns before. *)
Fixpoint solve (m : nat) (before : Z) (solved rows : list (list Z)) : option (Z * list (list Z)) :=
  match m with
  | O => Some (before, solved)
  | S m' =>
      match pivot_row rows with
      | None => None
      | Some (p, rest) =>
          solve m' (hd 0%Z p) (map (eliminate_row before p) solved ++ [tl p])
                (map (eliminate_row before p) rest)
      end
  end.

(* One row for each of n coordinates. *)
Fixpoint rows_of (n : nat) (columns : list (list Z)) : list (list Z) :=
  match n with
  | O => []
  | S m => map (hd 0%Z) columns :: rows_of m (map (@tl Z) columns)
  end.

(* The columns of the rows ys, as many as fs has entries. *)
Fixpoint transpose {A : Type} (fs : list A) (ys : list (list Z)) : list (list Z) :=
  match fs with
  | [] => []
  | _ :: fs' => map (hd 0%Z) ys :: transpose fs' (map (@tl Z) ys)
  end.

(* The common denominator and the multipliers of the support for each of the functions fs. As many
   equations as there are unknowns often are enough. *)
Definition multipliers (n : nat) (support fs : list whole) : option (Z * list (list Z)) :=
  let m := length support in
  let from n := solve m 1 [] (rows_of n (map fst support ++ map fst fs)) in
  match match from (Nat.min m n) with Some ys => Some ys | None => from n end with
  | None => None
  | Some (d, ys) =>
      let columns := transpose fs ys in
      Some (if Z.ltb d 0 then ((- d)%Z, map (map Z.opp) columns) else (d, columns))
  end.
