(* The theorem: a number that the checker accepts is the number of regions. *)
Require Import NArith String List.
From Verified Require Import spec checker parser soundness.

Local Open Scope string_scope.

(* The number of regions that the bytes of a certificate show, or why they show none. *)
Definition check (net : network) (d : domain) (digests bs : bytes) : outcome N :=
  match certificate_of net d digests bs with
  | Refused why => Refused why
  | Done (claim, t) =>
      match check_root net d t with
      | Refused why => Refused why
      | Done n => if N.eqb claim n then Done n else Refused "the certificate claims another number"
      end
  end.

Theorem check_sound : forall net d digests bs n, check net d digests bs = Done n ->
  exists l, NoDup l /\ N.of_nat (length l) = n /\ forall s, In s l <-> counted net d s.
Proof.
  intros net d digests bs n H. unfold check in H.
  destruct (certificate_of _ _ _ _) as [[claim t]|]; [|discriminate].
  destruct (check_root net d t) as [m|] eqn:C; [|discriminate].
  destruct (N.eqb claim m); [|discriminate]. inversion H; subst.
  exact (check_root_sound net d t n C).
Qed.

Print Assumptions check_sound.
