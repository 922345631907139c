(* The theorem: a number that the checker accepts is the number of regions. *)
Require Import NArith String List.
From Verified Require Import spec checker parser soundness parts.
Import ListNotations.

Local Open Scope string_scope.

(* The number of regions that a whole certificate shows, or why it shows none. *)
Definition check_one (net : network) (d : domain) (digests bs : bytes) : outcome N :=
  match misfit net d, certificate_of net d digests bs with
  | Some why, _ => Refused why
  | _, Refused why => Refused why
  | None, Done (h, t) =>
      if negb (N.eqb (kind h) 0 && N.eqb (number h) 0) then Refused "not a whole certificate"
      else
        match check_whole (inputs net) (total_of net) (root net d) t with
        | Refused why => Refused why
        | Done n => if N.eqb (claim h) n then Done n else Refused "the certificate claims another number"
        end
  end.

(* The same of files: a whole certificate, or a trunk and all of its parts. *)
Definition check (net : network) (d : domain) (digests : bytes) (files : list bytes) : outcome N :=
  match files with
  | [] => Refused "no certificate"
  | bs :: others =>
      match others, head_of net digests bs with
      | _, Refused why => Refused why
      | [], Done ({| kind := 0 |}, _) => check_one net d digests bs
      | _, Done _ =>
          match check_parts net d digests bs others with
          | Refused why => Refused why
          | Done v => add_up [v]
          end
      end
  end.

Lemma one_sound : forall net d digests bs n, check_one net d digests bs = Done n -> regions net d n.
Proof.
  intros net d digests bs n H. unfold check_one in H. destruct (misfit net d) eqn:F; [discriminate|].
  destruct (certificate_of _ _ _ _) as [[h t]|]; [|discriminate].
  destruct (_ && _)%bool; cbn [negb] in H; [|discriminate].
  destruct (check_whole _ _ _ _) as [m|] eqn:C; [|discriminate].
  destruct (N.eqb (claim h) m); [|discriminate]. inversion H; subst.
  apply root_regions; [assumption|]. eapply whole_sound; [apply root_right | exact C].
Qed.

Theorem check_sound : forall net d digests files n, check net d digests files = Done n ->
  exists l, NoDup l /\ N.of_nat (length l) = n /\ forall s, In s l <-> counted net d s.
Proof.
  intros net d digests files n H. change (regions net d n). unfold check in H.
  destruct files as [|bs others]; [discriminate|].
  assert (P : match check_parts net d digests bs others with
              | Done v => add_up [v]
              | Refused why => Refused why
              end = Done n -> regions net d n).
  { intro P. destruct (check_parts _ _ _ _ _) as [v|] eqn:E; [|discriminate].
    apply (verdicts_sound net d digests bs [v]); [|exact P]. constructor; [|constructor]. eauto. }
  destruct others as [|? ?]; destruct (head_of _ _ _) as [[h rest]|]; try discriminate; auto.
  destruct h as [[|k] ? ? ?]; [eapply one_sound; exact H | auto].
Qed.

Print Assumptions check_sound.
