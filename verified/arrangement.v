(* COUNT: how many regions an open convex set has, cut by the zero sets of functions. The set is all
   of Q^n, or n is at most 2. *)
Require Import QArith Qreduction NArith List Lia Lqa.
From Verified Require Import spec affine opens flats deletion counting.
Import ListNotations.

(* The first coordinate of n on which a function with the coefficients c depends. *)
Fixpoint pivot_of (n : nat) (c : list Q) : option nat :=
  match n, c with
  | S m, a :: c' =>
      if Qeq_bool a 0 then match pivot_of m c' with Some p => Some (S p) | None => None end
      else Some O
  | _, _ => None
  end.

Definition varies (n : nat) (f : affine) : bool := nonzero_coefficient (firstn n (fst f)).

(* On a line: the segment where the sides are > 0; a side that does not depend on the coordinate may
   make it impossible. *)
Record segment := { low : option Q; high : option Q; possible : bool }.

Definition less_than (a b : Q) : bool := negb (Qle_bool b a).

Fixpoint segment_of (sides : list affine) : segment :=
  match sides with
  | [] => {| low := None; high := None; possible := true |}
  | f :: sides' =>
      let s := segment_of sides' in
      let a := coefficient 0 f in
      let z := Qred (- snd f / a) in
      if Qeq_bool a 0 then
        {| low := low s; high := high s; possible := on (snd f) && possible s |}
      else if Qle_bool a 0 then
        {| low := low s; possible := possible s;
           high := match high s with
                   | Some h => Some (if less_than h z then h else z)
                   | None => Some z
                   end |}
      else
        {| high := high s; possible := possible s;
           low := match low s with
                  | Some l => Some (if less_than z l then l else z)
                  | None => Some z
                  end |}
  end.

Definition in_segment (s : segment) (z : Q) : bool :=
  possible s && match low s with Some l => less_than l z | None => true end
             && match high s with Some h => less_than z h | None => true end.

Definition not_empty (s : segment) : bool :=
  possible s && match low s, high s with Some l, Some h => less_than l h | _, _ => true end.

(* How many different numbers of a list are in_segment the segment. *)
Fixpoint distinct (s : segment) (zs : list Q) : N :=
  match zs with
  | [] => 0
  | z :: zs' =>
      ((if in_segment s z && negb (existsb (Qeq_bool z) zs') then 1 else 0) + distinct s zs')%N
  end.

Definition zero_of (f : affine) : Q := Qred (- snd f / coefficient 0 f).

(* The regions on the zero sets of the lines, each without the lines behind it. *)
Fixpoint cuts (below : list affine -> list affine -> N) (n : nat) (sides lines : list affine) : N :=
  match lines with
  | [] => 0
  | f :: fs =>
      match pivot_of (S n) (fst f) with
      | None => cuts below n sides fs
      | Some p =>
          let fs' := map (restrict p f) fs in
          if forallb (nonzero n) fs'
          then (below (map (restrict p f) sides) fs' + cuts below n sides fs)%N
          else cuts below n sides fs
      end
  end.

(* The regions of the set where the sides are > 0. 0 in dimension 2 means only that no line meets the
   set. *)
Fixpoint regions_of (n : nat) (sides lines : list affine) : N :=
  match n with
  | O => if forallb (fun f => on (value f [])) sides then 1 else 0
  | S m =>
      match m with
      | O =>
          let s := segment_of sides in
          if not_empty s then (1 + distinct s (map zero_of (filter (varies 1) lines)))%N else 0
      | S _ =>
          let c := cuts (regions_of m) m sides (filter (varies n) lines) in
          match sides with
          | [] => (1 + c)%N
          | _ => if N.eqb c 0 then 0 else (1 + c)%N
          end
      end
  end.

(* Constants *)

Lemma varying_only : forall n P lines m, how_many (meets n P (filter (varies n) lines)) m ->
  how_many (meets n P lines) m.
Proof.
  intros n P lines m.
  assert (G : forall ls l, how_many (meets n P (l ++ filter (varies n) ls)) m ->
                           how_many (meets n P (l ++ ls)) m).
  { induction ls as [|f ls IH]; intros l H; [assumption|]. cbn [filter] in H.
    destruct (varies n f) eqn:V.
    - specialize (IH (l ++ [f])). rewrite <- !app_assoc in IH. apply IH. assumption.
    - apply number_middle, constant_adds_none; [exact V|]. apply IH. assumption. }
  apply (G lines []).
Qed.

(* Dimension 0 *)

Lemma number_on_point : forall P fs,
  how_many (meets 0 P fs) (if forallb (fun f => on (value f [])) P then 1 else 0).
Proof.
  intros P fs. assert (E : forallb (fun f => on (value f [])) P = true <-> holds P []).
  { rewrite forallb_forall. unfold holds. rewrite Forall_forall.
    split; intros H f I; apply on_true, H, I. }
  destruct (forallb (fun f => on (value f [])) P).
  - induction fs as [|f fs IH].
    + apply number_of_one. exists []. split; [reflexivity | apply E; reflexivity].
    + apply constant_adds_none; [reflexivity | assumption].
  - apply number_of_none. intros [x [L H]]. destruct x; [|discriminate].
    apply E in H. discriminate.
Qed.

(* Dimension 1 *)

Lemma less_than_true : forall a b, less_than a b = true <-> a < b.
Proof.
  intros a b. unfold less_than. rewrite negb_true_iff.
  split; intro H.
  - apply Qnot_le_lt. rewrite <- Qle_bool_iff. congruence.
  - destruct (Qle_bool b a) eqn:E; [|reflexivity]. apply Qle_bool_iff in E. lra.
Qed.

Lemma value_on_line : forall f z, value f [z] == coefficient 0 f * z + snd f.
Proof.
  intros f z. unfold value, coefficient. destruct (fst f) as [|a [|b c]]; simpl; ring.
Qed.

Lemma in_segment_spec : forall s z, in_segment s z = true <->
  possible s = true /\ (forall l, low s = Some l -> l < z) /\ (forall h, high s = Some h -> z < h).
Proof.
  intros s z. unfold in_segment. rewrite !andb_true_iff. split.
  - intros [[A B] C]. split; [assumption|].
    split; intros q E; rewrite E in *; apply less_than_true; assumption.
  - intros [A [B C]]. split; [split; [assumption|]|].
    + destruct (low s); [apply less_than_true; auto | reflexivity].
    + destruct (high s); [apply less_than_true; auto | reflexivity].
Qed.

Lemma zero_spec : forall a b, ~ a == 0 -> a * Qred (- b / a) == - b.
Proof. intros. rewrite Qred_correct. field. assumption. Qed.

Lemma segment_holds : forall sides z, holds sides [z] <-> in_segment (segment_of sides) z = true.
Proof.
  induction sides as [|f sides IH]; intro z.
  - split; intro; [reflexivity | constructor].
  - assert (E : holds (f :: sides) [z] <-> 0 < coefficient 0 f * z + snd f /\ holds sides [z]).
    { unfold holds. split; intro H.
      - inversion H; subst. rewrite <- value_on_line. auto.
      - destruct H. constructor; [rewrite value_on_line|]; assumption. }
    rewrite E, IH, !in_segment_spec. clear E IH. cbn [segment_of].
    pose proof (zero_spec (coefficient 0 f) (snd f)) as Z.
    set (a := coefficient 0 f) in *. set (y := Qred (- snd f / a)) in *.
    set (s := segment_of sides). destruct (Qeq_bool a 0) eqn:A0.
    + apply Qeq_bool_iff in A0. cbn [low high possible]. rewrite andb_true_iff, on_true.
      split; intros H; intuition; rewrite A0 in *; lra.
    + assert (~ a == 0) by (rewrite <- Qeq_bool_iff; congruence). specialize (Z H).
      destruct (Qle_bool a 0) eqn:A1; cbn [low high possible].
      * apply Qle_bool_iff in A1.
        assert (N : a < 0) by (destruct (Qle_lt_or_eq _ _ A1); [assumption | contradiction]).
        assert (Y : 0 < a * z + snd f <-> z < y) by (split; intro; nra).
        rewrite Y. split.
        { intros [K [P [L U]]]. split; [assumption|]. split; [assumption|]. intros h Hh.
          destruct (high s) as [h'|]; [|congruence].
          destruct (less_than h' y); inversion Hh; subst; auto. }
        { intros [P [L U]]. destruct (high s) as [h'|].
          - destruct (less_than h' y) eqn:B.
            + apply less_than_true in B. specialize (U h' eq_refl). split; [lra|].
              split; [assumption|]. split; [assumption|]. intros h Hh. inversion Hh; subst. assumption.
            + assert (~ h' < y) by (rewrite <- less_than_true; congruence).
              specialize (U y eq_refl). split; [assumption|]. split; [assumption|].
              split; [assumption|]. intros h Hh. inversion Hh; subst. lra.
          - specialize (U y eq_refl). split; [assumption|]. split; [assumption|].
            split; [assumption | discriminate]. }
      * assert (N : 0 < a) by (apply Qnot_le_lt; rewrite <- Qle_bool_iff; congruence).
        assert (Y : 0 < a * z + snd f <-> y < z) by (split; intro; nra).
        rewrite Y. split.
        { intros [K [P [L U]]]. split; [assumption|]. split; [|assumption]. intros l Hl.
          destruct (low s) as [l'|]; [|congruence].
          destruct (less_than y l'); inversion Hl; subst; auto. }
        { intros [P [L U]]. destruct (low s) as [l'|].
          - destruct (less_than y l') eqn:B.
            + apply less_than_true in B. specialize (L l' eq_refl). split; [lra|].
              split; [assumption|]. split; [|assumption]. intros l Hl. inversion Hl; subst. assumption.
            + assert (~ y < l') by (rewrite <- less_than_true; congruence).
              specialize (L y eq_refl). split; [assumption|]. split; [assumption|].
              split; [|assumption]. intros l Hl. inversion Hl; subst. lra.
          - specialize (L y eq_refl). split; [assumption|]. split; [assumption|].
            split; [discriminate | assumption]. }
Qed.

Lemma not_empty_spec : forall s, not_empty s = true <-> exists z, in_segment s z = true.
Proof.
  intro s. unfold not_empty. rewrite andb_true_iff. split.
  - intros [P B].
    destruct (low s) as [l|] eqn:L, (high s) as [h|] eqn:H;
      [exists ((l + h) * (1 # 2)); apply less_than_true in B | exists (l + 1) | exists (h - 1) | exists 0];
      apply in_segment_spec; rewrite L, H; (split; [assumption|]);
      split; intros q E; inversion E; subst; lra.
  - intros [z W]. apply in_segment_spec in W. destruct W as [P [L H]]. split; [assumption|].
    destruct (low s) as [l|], (high s) as [h|]; auto. apply less_than_true.
    specialize (L l eq_refl). specialize (H h eq_refl). lra.
Qed.

Lemma nonempty_line : forall P, nonempty 1 P <-> not_empty (segment_of P) = true.
Proof.
  intro P. rewrite not_empty_spec. split.
  - intros [[|z [|? ?]] [L H]]; try discriminate. exists z. apply segment_holds. assumption.
  - intros [z W]. exists [z]. split; [reflexivity | apply segment_holds; assumption].
Qed.

Lemma varies_line : forall f, varies 1 f = true -> ~ coefficient 0 f == 0.
Proof.
  intros f H. unfold varies, coefficient in *. destruct (fst f) as [|a c]; [discriminate|].
  simpl in *. rewrite orb_false_r, negb_true_iff in H. rewrite <- Qeq_bool_iff. congruence.
Qed.

Lemma zero_of_spec : forall f z, varies 1 f = true -> (value f [z] == 0 <-> zero_of f == z).
Proof.
  intros f z V. apply varies_line in V. rewrite value_on_line.
  pose proof (zero_spec (coefficient 0 f) (snd f) V) as Z. fold (zero_of f) in Z.
  split; intro H.
  - apply Qmult_inj_l with (z := coefficient 0 f); [assumption|]. lra.
  - rewrite <- H. lra.
Qed.

Lemma line_regions : forall P lines, nonempty 1 P -> Forall (fun f => varies 1 f = true) lines ->
  how_many (meets 1 P lines) (1 + distinct (segment_of P) (map zero_of lines)).
Proof.
  intros P lines E V. induction V as [|f fs Vf V IH]; [apply number_of_one; assumption|].
  cbn [map distinct]. set (d := distinct _ _) in *.
  assert (At : value f [zero_of f] == 0) by (apply zero_of_spec; [assumption | reflexivity]).
  rewrite Forall_forall in V.
  destruct (existsb (Qeq_bool (zero_of f)) (map zero_of fs)) eqn:B.
  - rewrite andb_false_r. apply existsb_exists in B. destruct B as [z [I Z]].
    apply in_map_iff in I. destruct I as [g [G I]]. subst z. apply Qeq_bool_iff in Z.
    pose proof (varies_line f Vf) as Af. pose proof (varies_line g (V g I)) as Ag.
    apply multiple_adds_none with (g := g) (q := coefficient 0 f / coefficient 0 g); auto.
    + unfold nonzero. rewrite (V g I : nonzero_coefficient (firstn 1 (fst g)) = true). reflexivity.
    + intro K. apply Af. setoid_replace (coefficient 0 f)
        with (coefficient 0 f / coefficient 0 g * coefficient 0 g) by (field; assumption).
      rewrite K. ring.
    + intros [|x [|? ?]] L; try discriminate. rewrite !value_on_line in *.
      assert (Gz : value g [zero_of f] == 0) by (apply zero_of_spec; [auto | symmetry; assumption]).
      rewrite value_on_line in Gz.
      setoid_replace (snd f) with (- (coefficient 0 f * zero_of f)) by lra.
      setoid_replace (snd g) with (- (coefficient 0 g * zero_of f)) by lra.
      field. assumption.
  - rewrite andb_true_r.
    assert (K : how_many (meets 1 P (f :: fs))
                  (1 + d + (if in_segment (segment_of P) (zero_of f) then 1 else 0))).
    { apply deletion with (p := 0%nat); [lia | apply varies_line; assumption | | assumption |].
      - unfold all_nonzero. rewrite Forall_map, Forall_forall. intros g I.
        destruct (nonzero 0 (restrict 0 f g)) eqn:NZ; [reflexivity|].
        pose proof (value_not_nonzero (restrict 0 f g) [] NZ) as Z.
        change [] with (drop_nth 0 [zero_of f]) in Z.
        rewrite value_restrict in Z; [| simpl; lia | apply varies_line; assumption | assumption].
        apply zero_of_spec in Z; [|apply V; assumption].
        assert (existsb (Qeq_bool (zero_of f)) (map zero_of fs) = true); [|congruence].
        apply existsb_exists. exists (zero_of g). split; [apply in_map; assumption|].
        apply Qeq_bool_iff. symmetry. assumption.
      - pose proof (number_on_point (map (restrict 0 f) P) (map (restrict 0 f) fs)) as H.
        replace (if in_segment (segment_of P) (zero_of f) then 1%N else 0%N)
          with (if forallb (fun f0 => on (value f0 [])) (map (restrict 0 f) P) then 1%N else 0%N);
          [assumption|].
        assert (W : forallb (fun f0 => on (value f0 [])) (map (restrict 0 f) P) =
                    in_segment (segment_of P) (zero_of f)); [|rewrite W; reflexivity].
        apply eq_true_iff_eq. rewrite <- segment_holds.
        rewrite <- (holds_restrict 0 f P [zero_of f]);
          [| simpl; lia | apply varies_line; assumption | assumption].
        rewrite forallb_forall. unfold holds. rewrite Forall_forall.
        split; intros Q g I; apply on_true, Q, I. }
    replace (1 + ((if in_segment (segment_of P) (zero_of f) then 1 else 0) + d))%N
      with (1 + d + (if in_segment (segment_of P) (zero_of f) then 1 else 0))%N by lia.
    assumption.
Qed.

(* Higher dimensions *)

Lemma pivot_some : forall n c p, pivot_of n c = Some p -> (p < n)%nat /\ ~ nth p c 0 == 0.
Proof.
  induction n as [|n IH]; intros [|a c] p H; try discriminate. simpl in H.
  destruct (Qeq_bool a 0) eqn:A.
  - destruct (pivot_of n c) as [q|] eqn:E; [|discriminate]. inversion H; subst.
    destruct (IH c q E). split; [lia | assumption].
  - inversion H; subst. split; [lia|]. simpl. rewrite <- Qeq_bool_iff. congruence.
Qed.

Lemma pivot_none : forall n c, pivot_of n c = None -> nonzero_coefficient (firstn n c) = false.
Proof.
  induction n as [|n IH]; intros [|a c] H; try reflexivity. simpl in *.
  destruct (Qeq_bool a 0) eqn:A; [|discriminate]. simpl.
  destruct (pivot_of n c) eqn:E; [discriminate|]. auto.
Qed.

Lemma cuts_sound : forall n below P, nonempty (S n) P ->
  (forall p f fs, how_many (meets n (map (restrict p f) P) fs) (below (map (restrict p f) P) fs)) ->
  forall lines, Forall (fun f => varies (S n) f = true) lines ->
  how_many (meets (S n) P lines) (1 + cuts below n P lines).
Proof.
  intros n below P E B lines V. induction V as [|f fs Vf V IH]; [apply number_of_one; assumption|].
  cbn [cuts]. destruct (pivot_of (S n) (fst f)) as [p|] eqn:Pv.
  - destruct (pivot_some _ _ _ Pv) as [Lp A]. fold (coefficient p f) in A.
    destruct (forallb (nonzero n) (map (restrict p f) fs)) eqn:Z.
    + replace (1 + (below (map (restrict p f) P) (map (restrict p f) fs) + cuts below n P fs))%N
        with (1 + cuts below n P fs + below (map (restrict p f) P) (map (restrict p f) fs))%N by lia.
      apply deletion with (p := p); auto. apply Forall_forall. apply forallb_forall. assumption.
    + assert (X : exists g, In g fs /\ nonzero n (restrict p f g) = false).
      { clear - Z. induction fs as [|g fs IH]; [discriminate|]. cbn [map forallb] in Z.
        destruct (nonzero n (restrict p f g)) eqn:G.
        - destruct IH as [h [I H]]; [assumption|]. exists h. split; [right | ]; assumption.
        - exists g. split; [left; reflexivity | assumption]. }
      destruct X as [g [I G]]. rewrite Forall_forall in V. pose proof (V g I) as Vg.
      set (q := coefficient p g / coefficient p f).
      assert (M : forall x, length x = S n -> value g x == q * value f x).
      { intros x L. pose proof (value_restricted p f g x ltac:(lia) A) as R. fold q in R.
        rewrite value_not_nonzero in R; [lra|]. pose proof (length_drop _ p x ltac:(lia)).
        replace (length (drop_nth p x)) with n by lia. assumption. }
      assert (NZ : nonzero (S n) g = true)
        by (unfold nonzero; rewrite (Vg : nonzero_coefficient _ = true); reflexivity).
      assert (Q : ~ q == 0).
      { intro Q. rewrite zero_everywhere in NZ; [discriminate|]. intros x L.
        rewrite M by assumption. rewrite Q. ring. }
      apply multiple_adds_none with (g := g) (q := / q); auto.
      * intro K. apply Q. setoid_replace q with (/ / q) by (field; auto).
        rewrite K. reflexivity.
      * intros x L. rewrite M by assumption. field. assumption.
  - apply pivot_none in Pv. unfold varies in Vf. congruence.
Qed.

Lemma cuts_positive : forall n below P,
  (forall p f fs, how_many (meets n (map (restrict p f) P) fs) (below (map (restrict p f) P) fs)) ->
  forall lines, (0 < cuts below n P lines)%N -> nonempty (S n) P.
Proof.
  intros n below P B. induction lines as [|f fs IH]; intro C; cbn [cuts] in C; [lia|].
  destruct (pivot_of (S n) (fst f)) as [p|] eqn:Pv; [|auto].
  destruct (forallb (nonzero n) (map (restrict p f) fs)); [|auto].
  destruct (N.eq_dec (below (map (restrict p f) P) (map (restrict p f) fs)) 0) as [Z|Z];
    [apply IH; lia|].
  destruct (pivot_some _ _ _ Pv) as [Lp A]. fold (coefficient p f) in A.
  destruct (number_nonempty _ _ _ _ (B p f (map (restrict p f) fs))) as [y [Ly H]]; [lia|].
  destruct (lift p f y) as [x [Lx [F D]]]; [lia | assumption|]. exists x. split; [lia|].
  rewrite <- D in H. apply holds_restrict in H; auto. lia.
Qed.

Lemma all_varying : forall n lines, Forall (fun f => varies n f = true) (filter (varies n) lines).
Proof. intros. apply Forall_forall. intros f I. apply filter_In in I. tauto. Qed.

Lemma regions_exact : forall n P lines, (n <= 1)%nat \/ P = [] ->
  how_many (meets n P lines) (regions_of n P lines).
Proof.
  induction n as [|n IH]; intros P lines H; [apply number_on_point|].
  apply varying_only. destruct n as [|n].
  - cbn [regions_of]. destruct (not_empty (segment_of P)) eqn:E.
    + apply line_regions; [apply nonempty_line; assumption | apply all_varying].
    + apply number_of_none. rewrite nonempty_line. congruence.
  - destruct H as [H|H]; [lia|]. subst P. cbn [regions_of].
    apply cuts_sound; [| | apply all_varying].
    + exists (repeat 0 (S (S n))). split; [apply repeat_length | constructor].
    + intros p f fs. apply IH. right. reflexivity.
Qed.

Theorem count_sound : forall n P lines, (n <= 2)%nat \/ P = [] -> (0 < regions_of n P lines)%N ->
  how_many (meets n P lines) (regions_of n P lines).
Proof.
  intros n P lines H Z. destruct P as [|a P]; [apply regions_exact; right; reflexivity|].
  destruct H as [H|H]; [|discriminate].
  destruct n as [|[|n]]; [apply regions_exact; left; lia | apply regions_exact; left; lia|].
  assert (n = 0)%nat by lia. subst n. apply varying_only. remember (a :: P) as P'.
  assert (B : forall p f fs, how_many (meets 1 (map (restrict p f) P') fs)
                                    (regions_of 1 (map (restrict p f) P') fs))
    by (intros; apply regions_exact; left; lia).
  change (regions_of 2 P' lines) with
    (match P' with
     | [] => (1 + cuts (regions_of 1) 1 P' (filter (varies 2) lines))%N
     | _ => if N.eqb (cuts (regions_of 1) 1 P' (filter (varies 2) lines)) 0 then 0%N
            else (1 + cuts (regions_of 1) 1 P' (filter (varies 2) lines))%N
     end) in *.
  rewrite HeqP' in Z at 1. rewrite HeqP' at 2.
  destruct (N.eqb_spec (cuts (regions_of 1) 1 P' (filter (varies 2) lines)) 0); [lia|].
  apply cuts_sound; [| exact B | apply all_varying].
  apply cuts_positive with (below := regions_of 1) (lines := filter (varies 2) lines); [exact B | lia].
Qed.
