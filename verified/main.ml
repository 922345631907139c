(* crease-verify [--part | --total] NETWORK.txt FILE... [--box LO:HI,... | --domain-text FILE]

   Reads the texts of the network and of the domain and the bytes of the certificates, and calls the
   extracted checker. FILE... is a whole certificate or a trunk with all its parts; with --part a trunk
   with some parts, on which it prints a verdict; with --total verdicts, which it adds up.

   Status 0: VERIFIED, or a verdict; 1: a certificate is refused; 2: it could not be checked, or the files
   do not belong together. *)
module Integer = Z
open Crease_verified
open Texts

let usage =
  "usage: crease-verify [--part | --total] NETWORK.txt FILE... [--box LO:HI,... | --domain-text FILE]"

type space = All | Box of string | Text of string
type mode = Whole | Part | Total

let rec arguments mode space files = function
  | [] -> (mode, space, List.rev files)
  | "--part" :: rest when mode = Whole -> arguments Part space files rest
  | "--total" :: rest when mode = Whole -> arguments Total space files rest
  | "--box" :: box :: rest when space = All -> arguments mode (Box box) files rest
  | "--domain-text" :: path :: rest when space = All -> arguments mode (Text path) files rest
  | word :: _ when String.length word > 1 && word.[0] = '-' -> bad "%s" usage
  | file :: rest -> arguments mode space (file :: files) rest

let bytes_of text =
  let rec from i bytes =
    if i < 0 then bytes else from (i - 1) (Integer.of_int (Char.code text.[i]) :: bytes) in
  from (String.length text - 1) []

let bytes_of_hex hex =
  List.init (String.length hex / 2) (fun i -> Integer.of_string ("0x" ^ String.sub hex (2 * i) 2))

(* Which files belong together *)

let names numbers = String.concat ", " (List.map Integer.to_string numbers)

(* Some of the numbers below `count` that are not among those given. *)
let missing count given =
  let rec from i given found =
    if Integer.geq i count || List.length found = 4 then List.rev found
    else match given with
      | j :: rest when Integer.equal i j -> from (Integer.succ i) rest found
      | _ -> from (Integer.succ i) given (i :: found) in
  from Integer.zero (List.sort_uniq Integer.compare given) []

let demand_all count given =
  let gone = missing count given in
  if gone <> [] then bad "missing: part %s" (names gone)

(* The kind of a certificate and its number of parts, or its own number. *)
let kind_of content =
  if String.length content < 16 || String.sub content 0 9 <> "creasect\001" || content.[9] > '\002'
  then None
  else Some (Char.code content.[9], Integer.of_bits (String.init 6 (fun i -> content.[15 - i])))

(* The checker refuses files that do not belong together, too: this says so with another status. What
   is no certificate is left to it. *)
let demand_fit mode contents =
  match List.map kind_of contents with
  | kinds when List.mem None kinds -> ()
  | [Some (0, _)] when mode = Whole -> ()
  | Some (0, _) :: _ -> bad "a whole certificate has no parts and no verdict"
  | Some (1, count) :: parts ->
      let number = function
        | Some (2, number) -> number
        | _ -> bad "a certificate behind the trunk is no part" in
      let numbers = List.map number parts in
      if List.length (List.sort_uniq Integer.compare numbers) < List.length numbers then
        bad "a part is there twice";
      if mode = Whole then demand_all count numbers
  | _ -> bad "the first certificate is a part"

(* The three modes *)

let print_verified regions theorem (network, domain) trusted =
  Printf.printf "VERIFIED %s regions (theorem %s; network %s, domain %s)\n" (Integer.to_string regions)
    theorem network domain;
  Printf.printf "trusted: verified/spec.v, Coq's kernel and extraction, OCaml, zarith, GMP; main.ml, \
                 texts.ml, sha256sum and zstd, which read the files%s\n" trusted;
  0

let refused paths why =
  Printf.eprintf "REFUSED %s: %s\n" (String.concat " " paths) why;
  1

let verify mode paths network domain digests =
  let (network_digest, domain_digest) = digests in
  let contents = List.map (fun path -> decompressed (read_file path)) paths in
  demand_fit mode contents;
  let digest_bytes = bytes_of_hex (network_digest ^ domain_digest) in
  let files = List.map bytes_of contents in
  if mode = Whole then
    match check network domain digest_bytes files with
    | Done regions -> print_verified regions "check_sound" digests ""
    | Refused why -> refused paths why
  else
    match check_parts network domain digest_bytes (List.hd files) (List.tl files) with
    | Done verdict ->
        print_verdict network_digest domain_digest (sha256 (List.hd contents)) verdict;
        0
    | Refused why -> refused paths why

let total paths digests =
  let read path = read_verdicts (lines_of path (read_file path)) (fst digests) (snd digests) in
  let (trunks, verdicts) = List.split (List.concat_map read paths) in
  if List.length (List.sort_uniq compare trunks) > 1 then bad "the verdicts are on different trunks";
  match add_up verdicts with
  | Done regions -> print_verified regions "verdicts_sound" digests "; the verdicts"
  | Refused why ->
      demand_all (List.hd verdicts).parts (List.concat_map (fun v -> List.map fst v.found) verdicts);
      bad "%s" why

let run mode space network_path paths =
  let network_text = read_file network_path in
  let (n, network) = read_network (lines_of network_path network_text) in
  let domain_text = match space with
    | All -> Printf.sprintf "crease-domain 1\nspace %d\n" n
    | Box box -> box_text box n
    | Text path -> read_file path in
  let domain = read_domain (lines_of "the domain" domain_text) n in
  let digests = (sha256 network_text, sha256 domain_text) in
  if mode = Total then total paths digests else verify mode paths network domain digests

let () =
  let status =
    try
      match arguments Whole All [] (List.tl (Array.to_list Sys.argv)) with
      | (mode, space, network :: (_ :: _ as files)) -> run mode space network files
      | _ -> bad "%s" usage
    with
    | Bad why | Sys_error why -> Printf.eprintf "crease-verify: %s\n" why; 2
    | Unix.Unix_error (error, _, what) ->
        Printf.eprintf "crease-verify: %s: %s\n" what (Unix.error_message error); 2
    | Stack_overflow -> prerr_endline "crease-verify: the stack is full (ulimit -s)"; 2
    | Out_of_memory -> prerr_endline "crease-verify: out of memory"; 2 in
  exit status
