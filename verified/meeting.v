(* MEET: functions that can be solved for as many coordinates have all states near their common zero. *)
Require Import QArith NArith List Lia Lqa.
From Verified Require Import spec affine opens flats deletion checker cells crossing.
Import ListNotations.

(* Near a point of an open set, in the direction of any other point. *)

Lemma holds_nearer : forall fs x y s t, length x = length y -> 0 <= s -> s <= t ->
  holds fs x -> holds fs (mix t x y) -> holds fs (mix s x y).
Proof.
  unfold holds. intros fs x y s t L S T. rewrite !Forall_forall. intros X Y f I.
  specialize (X f I). specialize (Y f I). rewrite value_mix in * by assumption.
  destruct (Qlt_le_dec (value f x) (value f y)); nra.
Qed.

Lemma holds_near : forall fs x y, length x = length y -> holds fs x ->
  exists t, 0 < t /\ holds fs (mix t x y).
Proof.
  intros fs x y L. induction fs as [|f fs IH]; intro H.
  - exists 1. split; [lra | constructor].
  - inversion H as [|? ? X H']; subst. destruct (IH H') as [t [T Y]].
    destruct (Qlt_le_dec 0 (value f (mix t x y))) as [P|P].
    + exists t. split; [assumption | constructor; assumption].
    + rewrite value_mix in P by assumption. set (a := value f x) in *. set (b := value f y) in *.
      assert (D : 0 < a - b) by nra. set (s := a / (2 * (a - b))).
      assert (E : s * (2 * (a - b)) == a) by (unfold s; field; lra).
      assert (S : 0 < s) by (apply Qlt_shift_div_l; lra). assert (M : s <= t) by nra.
      exists s. split; [assumption|]. constructor.
      * rewrite value_mix by assumption. fold a b. lra.
      * apply holds_nearer with (t := t); auto; lra.
Qed.

(* Functions that have any values whatever at some point. *)
Definition free (n : nat) (fs : list affine) : Prop :=
  forall vs, length vs = length fs ->
  exists y, length y = n /\ Forall2 (fun f v => value f y == v) fs vs.

Lemma free_none : forall n, free n [].
Proof.
  intros n [|v vs] L; [|discriminate]. exists (repeat 0 n). split; [apply repeat_length | constructor].
Qed.

Lemma free_lifted : forall m p f fs, (p < S m)%nat -> ~ coefficient p f == 0 ->
  free m (map (restrict p f) fs) -> free (S m) (f :: fs).
Proof.
  intros m p f fs P A H [|v vs] L; [discriminate|]. injection L as L.
  assert (X : forall ys, length ys = length fs ->
    forall y, Forall2 (fun g z => value g y == z) (map (restrict p f) fs) ys ->
    Forall2 (fun g z => value (restrict p f g) y == z) fs ys).
  { clear. induction fs as [|g fs IH]; intros [|z ys] L y F; try discriminate; [constructor|].
    inversion F; subst. constructor; [assumption | apply IH; auto]. }
  set (less_of := fix less_of (gs : list affine) (zs : list Q) : list Q :=
    match gs, zs with
    | g :: gs', z :: zs' => z - coefficient p g / coefficient p f * v :: less_of gs' zs'
    | _, _ => []
    end).
  assert (K : forall gs zs, length zs = length gs -> length (less_of gs zs) = length gs).
  { induction gs as [|g gs IH]; intros [|z zs] E; try discriminate; [reflexivity|].
    simpl in *. f_equal. apply IH. congruence. }
  destruct (H (less_of fs vs)) as [y [Ly F]]; [rewrite map_length; apply K; assumption|].
  apply X in F; [|apply K; assumption].
  destruct (lift p (fst f, snd f - v) y) as [x [Lx [Z D]]]; [lia | exact A|]. exists x.
  assert (V : value f x == v) by (unfold value in *; cbn [fst snd] in Z; lra).
  split; [lia|]. constructor; [assumption|]. subst y.
  assert (R : forall g, value (restrict p f g) (drop_nth p x) ==
              value g x - coefficient p g / coefficient p f * v).
  { intro g. rewrite value_restricted, V by (assumption || lia). reflexivity. }
  clear - R F L. revert vs L F.
  induction fs as [|g fs IH]; intros [|z zs] L F; try discriminate; [constructor|].
  simpl in F. inversion F as [|? ? ? ? G F']; subst. rewrite R in G.
  constructor; [lra | apply IH; auto].
Qed.

(* What the checker finds. *)

Lemma choose_pivot_spec : forall f ps p others, choose_pivot f ps = Some (p, others) ->
  ~ coefficient p f == 0.
Proof.
  induction ps as [|q ps IH]; intros p others H; simpl in H; [discriminate|].
  destruct (Qeq_bool (coefficient q f) 0) eqn:E; cbn [negb] in H.
  - destruct (choose_pivot f ps) as [[r rest]|]; [|discriminate]. inversion H; subst. eapply IH. reflexivity.
  - inversion H; subst. rewrite <- Qeq_bool_iff. congruence.
Qed.

Lemma meeting_spec : forall n ps fs y x, meeting n ps fs y = Some x ->
  length x = n /\ Forall (fun f => value f x == 0) fs /\ free n fs.
Proof.
  induction n as [|m IH]; intros ps [|f fs] y x H; cbn [meeting] in H.
  1, 3: destruct (Nat.eqb (length ps) 0 && Nat.eqb (length y) _)%bool eqn:E; [|discriminate];
    inversion H; subst; apply andb_prop in E; destruct E as [_ E]; apply Nat.eqb_eq in E;
    split; [assumption|]; split; [constructor | apply free_none].
  - discriminate.
  - destruct (choose_pivot f ps) as [[p others]|] eqn:C; [|discriminate].
    apply choose_pivot_spec in C. destruct (Nat.ltb p (S m)) eqn:P; cbn [negb] in H; [|discriminate].
    apply Nat.ltb_lt in P. destruct (meeting m _ _ _) as [z|] eqn:M; [|discriminate].
    destruct (IH _ _ _ _ M) as [Lz [Z S]]. inversion H; subst x; clear H.
    destruct (solve_for_spec p f z) as [Lx [F D]]; [lia | assumption|].
    set (x := insert p (solve_for p f z) z) in *. split; [lia|]. split.
    + constructor; [assumption|]. rewrite Forall_map in Z. eapply Forall_impl; [|exact Z].
      intros g G. cbn beta in G. rewrite <- D, value_restrict in G by (assumption || lia). assumption.
    + eapply free_lifted; eassumption.
Qed.

(* All lists of states. *)
Fixpoint all_states (k : nat) : list (list bool) :=
  match k with
  | O => [[]]
  | S k' => map (cons true) (all_states k') ++ map (cons false) (all_states k')
  end.

Lemma all_states_spec : forall k,
  NoDup (all_states k) /\ N.of_nat (length (all_states k)) = (2 ^ N.of_nat k)%N /\
  forall v, In v (all_states k) <-> length v = k.
Proof.
  induction k as [|k [D [L E]]].
  - split; [constructor; [intros [] | constructor]|]. split; [reflexivity|]. intros [|s v]; simpl.
    + split; auto.
    + split; [intros [H|[]]; discriminate | discriminate].
  - cbn [all_states]. split; [|split].
    + apply NoDup_app.
      * apply NoDup_of_map with (g := @tl bool). rewrite map_map, map_id. assumption.
      * apply NoDup_of_map with (g := @tl bool). rewrite map_map, map_id. assumption.
      * intros v I J. apply in_map_iff in I. apply in_map_iff in J.
        destruct I as [u [U _]], J as [w [W _]]. congruence.
    + rewrite app_length, !map_length, Nat2N.inj_succ, N.pow_succ_r'. lia.
    + intro v. rewrite in_app_iff, !in_map_iff. split.
      * intros [[u [U I]]|[u [U I]]]; subst v; simpl; f_equal; apply E; assumption.
      * destruct v as [|s v]; [discriminate|]. intro H. injection H as H. apply E in H.
        destruct s; [left | right]; exists v; auto.
Qed.

(* Functions that are free and meet in an open set. *)
Theorem number_of_all : forall n P fs x, length x = n -> holds P x ->
  Forall (fun f => value f x == 0) fs -> free n fs ->
  how_many (meets n P fs) (2 ^ N.of_nat (length fs)).
Proof.
  intros n P fs x L HP Z S. destruct (all_states_spec (length fs)) as [D [N E]].
  exists (all_states (length fs)). split; [assumption|]. split; [assumption|]. intro v. rewrite E.
  split; [|apply meets_length].
  intro Lv. destruct (S (map (fun s : bool => if s then 1 else -1) v)) as [y [Ly F]];
    [rewrite map_length; assumption|].
  assert (Lxy : length x = length y) by congruence.
  destruct (holds_near P x y Lxy HP) as [t [T H]].
  apply point_meets with (x := mix t x y); [rewrite length_mix; assumption | assumption | assumption|].
  clear - Z F T Lxy. revert v F. induction Z as [|f fs Zf Z IH]; intros [|s v] F; try solve [constructor].
  simpl in F. inversion F as [|? ? ? ? Y F']; subst. constructor; [|apply IH; assumption].
  destruct s; cbn [signed]; rewrite ?value_minus, value_mix, Zf, Y by assumption; lra.
Qed.

(* MEET *)
Theorem meet_sound : forall dim F c ps y x, right dim F c -> is_last c = true ->
  meeting dim ps (pending (units c)) y = Some x -> in_cell c x ->
  regions_in dim F c (2 ^ N.of_nat (length (pending (units c)))).
Proof.
  intros dim F c ps y x R La M Hx. destruct (meeting_spec _ _ _ _ _ M) as [L [Z S]].
  apply cell_number; [assumption | assumption|]. apply number_of_all with (x := x); auto.
  apply in_cell_holds. assumption.
Qed.
