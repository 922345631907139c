(* Certificates in parts: a trunk, whose tree leaves cells to its parts, and the parts, which have the
   trees of these cells. A part can be checked alone, with the trunk; a verdict says what was found. *)
Require Import QArith NArith String List Lia.
From Verified Require Import spec lower checker cells crossing soundness parser.
Import ListNotations.

Local Open Scope string_scope.

(* Of a trunk: how many parts belong to it, and how many regions are outside of them. Then the numbers of
   some parts, and how many regions they have. *)
Record verdict := { parts : N; outside : N; found : list (N * N) }.

Definition total_of (net : network) : N := count_comparisons (lower (layers net)).

(* A trunk: its head, and what its tree shows. *)
Definition check_trunk (net : network) (d : domain) (digests bs : bytes) : outcome (head * shown) :=
  match misfit net d, certificate_of net d digests bs with
  | Some why, _ => Refused why
  | _, Refused why => Refused why
  | None, Done (h, t) =>
      if negb (N.eqb (kind h) 1) then Refused "the first certificate is no trunk"
      else
        match check_tree (inputs net) (total_of net) false false (root net d) t with
        | Refused why => Refused why
        | Done (m, holes) =>
            if negb (N.eqb (claim h) m) then Refused "the trunk claims another number"
            else if negb (forallb (fun hole => N.ltb (fst hole) (number h)) holes) then
              Refused "ELSEWHERE, in a part that there is not"
            else Done (h, (m, holes))
        end
  end.

(* The trees of a part, one for each cell. *)
Fixpoint check_trees (n : nat) (total : N) (cs : list cell) (ts : list tree) : outcome N :=
  match cs, ts with
  | [], [] => Done 0%N
  | c :: cs', t :: ts' =>
      match check_whole n total c t with
      | Refused why => Refused why
      | Done m =>
          match check_trees n total cs' ts' with
          | Refused why => Refused why
          | Done ms => Done (m + ms)%N
          end
      end
  | _, _ => Refused "a part has more or fewer trees than its trunk has nodes ELSEWHERE for it"
  end.

(* The cells that are left to part i. *)
Definition left_to (i : N) (holes : list (N * cell)) : list (N * cell) :=
  filter (fun hole => N.eqb (fst hole) i) holes.

(* A part: its number, and how many regions it has. *)
Definition check_part (net : network) (d : domain) (digests : bytes) (trunk : head)
  (holes : list (N * cell)) (bs : bytes) : outcome (N * N) :=
  let* (h, rest) := head_of net digests bs in
  if negb (N.eqb (kind h) 2) then Refused "a certificate behind the trunk is no part"
  else if negb (N.ltb (number h) (number trunk)) then Refused "the trunk has no such part"
  else if negb (same_bytes (kept_inputs h) (kept_inputs trunk)) then
    Refused "a part keeps other inputs than the trunk"
  else
    match trees_of rest (layout_of net d (kept_inputs h)) rest with
    | Refused why => Refused why
    | Done ts =>
        match check_trees (inputs net) (total_of net) (map snd (left_to (number h) holes)) ts with
        | Refused why => Refused why
        | Done m =>
            if N.eqb (claim h) m then Done (number h, m) else Refused "a part claims another number"
        end
    end.

Fixpoint check_each (net : network) (d : domain) (digests : bytes) (trunk : head)
  (holes : list (N * cell)) (files : list bytes) : outcome (list (N * N)) :=
  match files with
  | [] => Done []
  | bs :: files' =>
      match check_part net d digests trunk holes bs with
      | Refused why => Refused why
      | Done part =>
          match check_each net d digests trunk holes files' with
          | Refused why => Refused why
          | Done rest => Done (part :: rest)
          end
      end
  end.

(* A trunk and some of its parts. *)
Definition check_parts (net : network) (d : domain) (digests trunk : bytes) (files : list bytes)
  : outcome verdict :=
  match check_trunk net d digests trunk with
  | Refused why => Refused why
  | Done (h, (m, holes)) =>
      match check_each net d digests h holes files with
      | Refused why => Refused why
      | Done each => Done {| parts := number h; outside := m; found := each |}
      end
  end.

(* The numbers that were found for part i. *)
Definition numbers_of (i : N) (all : list (N * N)) : list N :=
  map snd (filter (fun part => N.eqb (fst part) i) all).

(* The sum of parts i, i + 1, ..., n - 1. `fuel` is as long as `all`. *)
Fixpoint gather (fuel : list (N * N)) (i n : N) (all : list (N * N)) : outcome N :=
  if N.eqb i n then Done 0%N
  else
    match fuel, numbers_of i all with
    | _ :: fuel', m :: others =>
        if negb (forallb (N.eqb m) others) then Refused "verdicts that contradict one another"
        else
          match gather fuel' (N.succ i) n all with
          | Refused why => Refused why
          | Done ms => Done (m + ms)%N
          end
    | _, _ => Refused "a part is missing"
    end.

(* The number of regions, from verdicts on one trunk. *)
Definition add_up (vs : list verdict) : outcome N :=
  match vs with
  | [] => Refused "no verdict"
  | v :: _ =>
      if negb (forallb (fun w => N.eqb (parts w) (parts v) && N.eqb (outside w) (outside v)) vs) then
        Refused "verdicts that contradict one another"
      else
        let all := concat (map found vs) in
        match gather all 0 (parts v) all with
        | Refused why => Refused why
        | Done m => Done (outside v + m)%N
        end
  end.

(* Soundness *)

Section Trunk.

Context (net : network) (d : domain) (digests trunk : bytes).

(* m is the number of regions in the cells that are left to the parts of these numbers. *)
Definition number_in (holes : list (N * cell)) (which : N -> bool) (m : N) : Prop :=
  exists ms, Forall2 (hole_number (inputs net)) (filter (fun h => which (fst h)) holes) ms /\ m = sum ms.

Lemma number_in_both : forall holes p q r m n,
  (forall i, r i = (p i || q i)%bool) -> (forall i, p i = true -> q i = false) ->
  number_in holes p m -> number_in holes q n -> number_in holes r (m + n).
Proof.
  intros holes p q r m n R D. revert m n.
  induction holes as [|[i c] holes IH]; intros m n [ms [F M]] [ns [G N]].
  - inversion F; subst. inversion G; subst. exists []. split; [constructor | reflexivity].
  - cbn [filter fst] in F, G. specialize (R i) as Ri. specialize (D i).
    destruct (p i); [rewrite D in G by reflexivity|]; [|destruct (q i)].
    + inversion F as [|? a ? ms' A F']; subst.
      destruct (IH (sum ms') (sum ns)) as [l [H L]]; [exists ms'; auto | exists ns; auto|].
      exists (a :: l). cbn [filter fst]. rewrite Ri. split; [constructor; assumption|].
      cbn [sum fold_right] in *. unfold sum in *. lia.
    + inversion G as [|? a ? ns' A G']; subst.
      destruct (IH (sum ms) (sum ns')) as [l [H L]]; [exists ms; auto | exists ns'; auto|].
      exists (a :: l). cbn [filter fst]. rewrite Ri. split; [constructor; assumption|].
      cbn [sum fold_right] in *. unfold sum in *. lia.
    + destruct (IH m n) as [l [H L]]; [exists ms; auto | exists ns; auto|].
      exists l. cbn [filter fst]. rewrite Ri. auto.
Qed.

Lemma trees_sound : forall (cs : list (N * cell)) ts m,
  Forall (fun h => right (inputs net) (own (snd h)) (snd h)) cs ->
  check_trees (inputs net) (total_of net) (map snd cs) ts = Done m ->
  exists ms, Forall2 (hole_number (inputs net)) cs ms /\ m = sum ms.
Proof.
  induction cs as [|h cs IH]; intros [|t ts] m R H; simpl in H; try discriminate.
  - inversion H. exists []. split; [constructor | reflexivity].
  - inversion R as [|? ? Rh R']; subst.
    destruct (check_whole _ _ _ _) as [a|] eqn:A; [|discriminate].
    destruct (check_trees _ _ _ _) as [b|] eqn:B; [|discriminate]. inversion H; subst.
    destruct (IH ts b R' B) as [ms [F M]]. exists (a :: ms). subst b. split; [|reflexivity].
    constructor; [|assumption]. eapply whole_sound; eassumption.
Qed.

Lemma part_sound : forall h holes bs i m,
  Forall (fun h => right (inputs net) (own (snd h)) (snd h)) holes ->
  check_part net d digests h holes bs = Done (i, m) -> number_in holes (fun j => N.eqb j i) m.
Proof.
  intros h holes bs i m R H. unfold check_part in H.
  destruct (head_of _ _ _) as [[g rest]|]; [|discriminate].
  destruct (N.eqb (kind g) 2); cbn [negb] in H; [|discriminate].
  destruct (N.ltb _ _); cbn [negb] in H; [|discriminate].
  destruct (same_bytes _ _); cbn [negb] in H; [|discriminate].
  destruct (trees_of _ _ _) as [ts|]; [|discriminate].
  destruct (check_trees _ _ _ _) as [n|] eqn:C; [|discriminate].
  destruct (N.eqb (claim g) n); [|discriminate]. inversion H; subst.
  apply trees_sound in C; [exact C|]. unfold left_to. apply Forall_forall. intros x I.
  apply filter_In in I. rewrite Forall_forall in R. apply R. tauto.
Qed.

Lemma each_sound : forall h holes files each,
  Forall (fun h => right (inputs net) (own (snd h)) (snd h)) holes ->
  check_each net d digests h holes files = Done each ->
  Forall (fun part => number_in holes (fun j => N.eqb j (fst part)) (snd part)) each.
Proof.
  intros h holes. induction files as [|bs files IH]; intros each R H; simpl in H.
  - inversion H. constructor.
  - destruct (check_part _ _ _ _ _ _) as [[i m]|] eqn:P; [|discriminate].
    destruct (check_each _ _ _ _ _ _) as [rest|] eqn:E; [|discriminate]. inversion H; subst.
    constructor; [|auto]. eapply part_sound; eassumption.
Qed.

Lemma number_in_none : forall holes which, (forall i, which i = false) -> number_in holes which 0.
Proof.
  intros holes which E. exists []. split; [|reflexivity].
  induction holes as [|h holes IH]; simpl; [constructor|]. rewrite E. assumption.
Qed.

Lemma gather_sound : forall holes all n fuel i m, (i <= n)%N ->
  Forall (fun part => number_in holes (fun j => N.eqb j (fst part)) (snd part)) all ->
  gather fuel i n all = Done m -> number_in holes (fun j => N.leb i j && N.ltb j n)%bool m.
Proof.
  intros holes all n fuel. induction fuel as [|x fuel IH]; intros i m L A H; simpl in H;
    (destruct (N.eqb_spec i n) as [E|E];
     [inversion H; apply number_in_none; intro j; destruct (N.leb_spec i j), (N.ltb_spec j n);
      reflexivity || lia|]); [discriminate|].
  destruct (numbers_of i all) as [|a others] eqn:F; [discriminate|].
  destruct (forallb (N.eqb a) others); cbn [negb] in H; [|discriminate].
  destruct (gather fuel (N.succ i) n all) as [b|] eqn:G; [|discriminate]. inversion H; subst.
  apply number_in_both with (p := fun j => N.eqb j i)
    (q := fun j => (N.leb (N.succ i) j && N.ltb j n)%bool).
  - intro j. destruct (N.leb_spec i j), (N.ltb_spec j n), (N.eqb_spec j i), (N.leb_spec (N.succ i) j);
      reflexivity || lia.
  - intros j J. apply N.eqb_eq in J. subst j. destruct (N.leb_spec (N.succ i) i); reflexivity || lia.
  - assert (I : In a (numbers_of i all)) by (rewrite F; left; reflexivity).
    apply in_map_iff in I. destruct I as [part [E1 I]]. apply filter_In in I. destruct I as [I E2].
    apply N.eqb_eq in E2. rewrite Forall_forall in A. specialize (A part I). subst. exact A.
  - apply IH; auto. lia.
Qed.

Lemma trunk_sound : forall h m holes, check_trunk net d digests trunk = Done (h, (m, holes)) ->
  Forall (fun h => right (inputs net) (own (snd h)) (snd h)) holes /\
  forall n, number_in holes (fun i => N.ltb i (number h)) n -> regions net d (m + n).
Proof.
  intros h m holes H. unfold check_trunk in H.
  destruct (misfit net d) eqn:F; [discriminate|].
  destruct (certificate_of _ _ _ _) as [[g t]|]; [|discriminate].
  destruct (N.eqb (kind g) 1); cbn [negb] in H; [|discriminate].
  destruct (check_tree _ _ _ _ _ _) as [[k hs]|] eqn:C; [|discriminate].
  destruct (N.eqb (claim g) k); cbn [negb] in H; [|discriminate].
  destruct (forallb _ hs) eqn:B; cbn [negb] in H; [|discriminate]. inversion H; subst.
  assert (X : false = true -> has_point (inputs net) (root net d)) by discriminate.
  destruct (tree_sound _ _ _ _ _ _ _ _ (root_right net d) X C) as [R S].
  split; [exact R|]. intros n [ms [M E]]. subst n. apply root_regions; [assumption|]. apply S. cbn [snd].
  replace holes with (filter (fun h0 => N.ltb (fst h0) (number h)) holes); [exact M|].
  clear - B. induction holes as [|x holes IH]; [reflexivity|]. cbn [forallb] in B.
  apply andb_prop in B. destruct B as [X B]. cbn [filter]. rewrite X. f_equal. auto.
Qed.

(* Verdicts on one trunk give the number of regions. *)
Theorem verdicts_sound : forall vs n,
  Forall (fun v => exists files, check_parts net d digests trunk files = Done v) vs ->
  add_up vs = Done n -> regions net d n.
Proof.
  intros vs n V H. destruct vs as [|v vs]; [discriminate|].
  assert (T : exists h m holes, check_trunk net d digests trunk = Done (h, (m, holes)) /\
              parts v = number h /\ outside v = m).
  { inversion V as [|? ? [files P] _]; subst. unfold check_parts in P.
    destruct (check_trunk _ _ _ _) as [[h [m holes]]|]; [|discriminate].
    destruct (check_each _ _ _ _ _ _); [|discriminate]. exists h, m, holes. inversion P. auto. }
  destruct T as [h [m [holes [T [E1 E2]]]]]. destruct (trunk_sound _ _ _ T) as [R S].
  cbn [add_up] in H. destruct (forallb _ _); cbn [negb] in H; [|discriminate].
  destruct (gather _ _ _ _) as [k|] eqn:G; [|discriminate]. inversion H; subst.
  assert (Zero : forall h : N * cell, (N.leb 0 (fst h) && N.ltb (fst h) (parts v))%bool =
                                      N.ltb (fst h) (parts v))
    by (intro x; rewrite (proj2 (N.leb_le 0 (fst x)) (N.le_0_l _)); reflexivity).
  apply S. rewrite <- E1. apply (gather_sound holes _ _ _ 0 k ltac:(lia)) in G.
  - destruct G as [ms [M E]]. exists ms. split; [|exact E]. rewrite <- (filter_ext _ _ Zero). exact M.
  - apply Forall_concat, Forall_map. eapply Forall_impl; [|exact V]. intros w [files P].
    unfold check_parts in P. rewrite T in P.
    destruct (check_each _ _ _ _ _ _) as [each|] eqn:E; [|discriminate]. inversion P; subst.
    eapply each_sound; eassumption.
Qed.

End Trunk.

Print Assumptions verdicts_sound.
