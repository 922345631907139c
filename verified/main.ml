(* crease-verify NETWORK.txt CERTIFICATE [--box LO:HI,... | --domain-text FILE]

   Reads the texts of the network and of the domain (src/check/FORMAT.md, "Digests") and the bytes of
   the certificate, and calls the extracted checker. The theorem is about what the checker gets from
   here; this file, sha256sum and zstd are not part of it.

   Status 0: VERIFIED; 1: the certificate is refused; 2: it could not be checked. *)
module Integer = Z (* of zarith; the extracted code has a Z of its own *)
open Crease_verified

exception Bad of string

let bad format = Printf.ksprintf (fun text -> raise (Bad text)) format

(* Files and programs *)

let read_all channel =
  let buffer = Buffer.create 65536 and chunk = Bytes.create 65536 in
  let rec go () =
    let count = input channel chunk 0 (Bytes.length chunk) in
    if count > 0 then (Buffer.add_subbytes buffer chunk 0 count; go ()) in
  go ();
  Buffer.contents buffer

let read_file path =
  let channel = open_in_bin path in
  Fun.protect ~finally:(fun () -> close_in channel) (fun () -> read_all channel)

(* What the program prints when its input is the text. *)
let run program arguments text =
  let path = Filename.temp_file "crease" "" in
  let channel = open_out_bin path in
  output_string channel text;
  close_out channel;
  let input = Unix.openfile path [Unix.O_RDONLY] 0 in
  Sys.remove path;
  let (from, output) = Unix.pipe ~cloexec:true () in
  let child =
    Unix.create_process program (Array.of_list (program :: arguments)) input output Unix.stderr in
  Unix.close input;
  Unix.close output;
  let result = read_all (Unix.in_channel_of_descr from) in
  Unix.close from;
  match Unix.waitpid [] child with
  | (_, Unix.WEXITED 0) -> result
  | _ -> bad "%s failed" program

let sha256 text = String.sub (run "sha256sum" [] text) 0 64

let decompressed content =
  let magic = "\x28\xb5\x2f\xfd" in
  if String.length content >= 4 && String.sub content 0 4 = magic
  then run "zstd" ["-dcq"] content
  else content

(* Numbers *)

let rec nat_of_int n = if n <= 0 then O else S (nat_of_int (n - 1))

let quotient numerator denominator =
  if Integer.sign denominator <= 0 then bad "a denominator is not positive";
  qred { qnum = numerator; qden = denominator }

let is_digits text = text <> "" && String.for_all (fun c -> '0' <= c && c <= '9') text

let integer text =
  let digits =
    if text <> "" && text.[0] = '-' then String.sub text 1 (String.length text - 1) else text in
  if not (is_digits digits) then bad "%S is not a number" text;
  Integer.of_string text

(* p or p/q *)
let fraction text =
  match String.index_opt text '/' with
  | None -> quotient (integer text) Integer.one
  | Some i ->
      let rest = String.sub text (i + 1) (String.length text - i - 1) in
      if not (is_digits rest) then bad "%S is not a number" text;
      quotient (integer (String.sub text 0 i)) (Integer.of_string rest)

(* p, p/q or a decimal, as in --box *)
let decimal text =
  match String.index_opt text '.' with
  | None -> fraction text
  | Some i ->
      let rest = String.sub text (i + 1) (String.length text - i - 1) in
      if not (is_digits rest) then bad "%S is not a number" text;
      quotient (integer (String.sub text 0 i ^ rest)) (Integer.pow (Integer.of_int 10) (String.length rest))

let print_fraction x =
  if Integer.equal x.qden Integer.one then Integer.to_string x.qnum
  else Integer.to_string x.qnum ^ "/" ^ Integer.to_string x.qden

let count text =
  if not (is_digits text) || String.length text > 7 then bad "%S is not a number of things" text;
  int_of_string text

(* Texts *)

type lines = { name : string; mutable left : string list }

let lines_of name text = { name; left = String.split_on_char '\n' text }

let words lines =
  match lines.left with
  | line :: left when left <> [] -> lines.left <- left; String.split_on_char ' ' line
  | _ -> bad "%s ends early" lines.name

let ended lines = if lines.left <> [""] then bad "%s: something follows its end" lines.name

(* List.init in order, since what it calls reads on. *)
let rec times n read = if n = 0 then [] else let first = read () in first :: times (n - 1) read

let fractions lines n =
  let row = words lines in
  if List.length row <> n then bad "%s: a line should have %d numbers" lines.name n;
  List.map fraction row

(* n coefficients and a number behind them *)
let row lines n =
  let last_first = List.rev (fractions lines (n + 1)) in
  (List.rev (List.tl last_first), List.hd last_first)

let expect lines line =
  if words lines <> String.split_on_char ' ' line then bad "%s: expected %s" lines.name line

let activation_of lines = function
  | ["relu"] -> Relu
  | ["linear"] -> Linear
  | ["leaky_relu"; slope] -> LeakyRelu (fraction slope)
  | ["abs"] -> Abs
  | ["clip"; low; high] -> Clip (fraction low, fraction high)
  | _ -> bad "%s: unknown activation" lines.name

let read_network lines =
  expect lines "crease-network 1";
  let inputs = match words lines with
    | ["input"; n] -> count n
    | _ -> bad "%s: expected input N" lines.name in
  let rec layers width =
    if lines.left = [""] then []
    else begin
      let (activation, all, carried) = match words lines with
        | "layer" :: n :: words ->
            let (words, carried) = match List.rev words with
              | c :: "carry" :: left -> (List.rev left, count c)
              | _ -> (words, 0) in
            (words, count n, carried)
        | _ -> bad "%s: expected layer WIDTH ACTIVATION" lines.name in
      if carried > all then bad "%s: a layer carries more units than it has" lines.name;
      let rows n = times n (fun () -> row lines width) in
      let layer = match activation with
        | ["maxout"; rank] ->
            let units = times (all - carried) (fun () -> rows (count rank)) in
            Maxout (units, rows carried)
        | _ ->
            let activation = activation_of lines activation in
            let units = rows (all - carried) in
            Each (activation, units, rows carried) in
      layer :: layers all
    end in
  let layers = layers inputs in
  ended lines;
  (inputs, { inputs = nat_of_int inputs; layers })

let read_domain lines n =
  expect lines "crease-domain 1";
  let within = match words lines with
    | ["space"; m] when count m = n -> None
    | ["box"; m] when count m = n ->
        Some (times n (fun () -> match fractions lines 2 with
          | [low; high] -> (low, high)
          | _ -> assert false))
    | _ -> bad "%s: expected space %d or box %d" lines.name n n in
  let halves =
    if lines.left = [""] then []
    else match words lines with
      | ["halves"; m] -> times (count m) (fun () -> row lines n)
      | _ -> bad "%s: expected halves M" lines.name in
  ended lines;
  { within; halves }

(* The text of the box of --box *)
let box_text argument n =
  let bounds part = match String.index_opt part ':' with
    | None -> bad "box: %S is not LO:HI" part
    | Some i ->
        print_fraction (decimal (String.sub part 0 i)) ^ " "
        ^ print_fraction (decimal (String.sub part (i + 1) (String.length part - i - 1))) ^ "\n" in
  let parts = List.map bounds (String.split_on_char ',' argument) in
  let parts = match parts with
    | [one] -> List.init n (fun _ -> one)
    | _ -> parts in
  if List.length parts <> n then bad "box: %d entries for %d inputs" (List.length parts) n;
  Printf.sprintf "crease-domain 1\nbox %d\n%s" n (String.concat "" parts)

(* The command line *)

let usage = "usage: crease-verify NETWORK.txt CERTIFICATE [--box LO:HI,... | --domain-text FILE]"

let bytes_of text =
  let rec from i bytes =
    if i < 0 then bytes else from (i - 1) (Integer.of_int (Char.code text.[i]) :: bytes) in
  from (String.length text - 1) []

let bytes_of_hex hex =
  List.init (String.length hex / 2) (fun i -> Integer.of_string ("0x" ^ String.sub hex (2 * i) 2))

type choice = Space | Box of string | Text of string

let rec arguments files choice = function
  | [] -> (List.rev files, choice)
  | "--box" :: box :: rest when choice = Space -> arguments files (Box box) rest
  | "--domain-text" :: path :: rest when choice = Space -> arguments files (Text path) rest
  | word :: _ when String.length word > 1 && word.[0] = '-' -> bad "%s" usage
  | file :: rest -> arguments (file :: files) choice rest

let verify network_path certificate_path choice =
  let network_text = read_file network_path in
  let (n, network) = read_network (lines_of network_path network_text) in
  let domain_text = match choice with
    | Space -> Printf.sprintf "crease-domain 1\nspace %d\n" n
    | Box box -> box_text box n
    | Text path -> read_file path in
  let domain = read_domain (lines_of "the domain" domain_text) n in
  let network_digest = sha256 network_text and domain_digest = sha256 domain_text in
  let digests = bytes_of_hex (network_digest ^ domain_digest) in
  let certificate = bytes_of (decompressed (read_file certificate_path)) in
  match check network domain digests certificate with
  | Done regions ->
      Printf.printf "VERIFIED %s regions (theorem check_sound; network %s, domain %s)\n"
        (Integer.to_string regions) network_digest domain_digest;
      print_endline "trusted: verified/spec.v, Coq's kernel and extraction, OCaml, zarith, GMP; \
                     main.ml, sha256sum and zstd, which read the files";
      0
  | Refused why -> Printf.eprintf "REFUSED %s: %s\n" certificate_path why; 1

let () =
  let status =
    try
      match arguments [] Space (List.tl (Array.to_list Sys.argv)) with
      | ([network; certificate], choice) -> verify network certificate choice
      | _ -> bad "%s" usage
    with
    | Bad why | Sys_error why -> Printf.eprintf "crease-verify: %s\n" why; 2
    | Unix.Unix_error (error, _, what) ->
        Printf.eprintf "crease-verify: %s: %s\n" what (Unix.error_message error); 2
    | Stack_overflow -> prerr_endline "crease-verify: the stack is full (ulimit -s)"; 2
    | Out_of_memory -> prerr_endline "crease-verify: out of memory"; 2 in
  exit status
