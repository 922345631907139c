(* What crease-verify reads and writes as text: the network and the domain (src/check/FORMAT.md,
   "Digests"), and verdicts. The theorem is about what the checker gets from here; this file, sha256sum
   and zstd are not part of it. *)
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

(* Verdicts *)

let print_verdict network domain trunk verdict =
  Printf.printf "crease-verdict 1\nnetwork %s\ndomain %s\ntrunk %s\nparts %s\nregions %s\n" network domain
    trunk (Integer.to_string verdict.parts) (Integer.to_string verdict.outside);
  let sorted = List.sort (fun (i, _) (j, _) -> Integer.compare i j) verdict.found in
  List.iter (fun (i, regions) ->
      Printf.printf "part %s %s\n" (Integer.to_string i) (Integer.to_string regions)) sorted;
  print_endline "end"

(* A number has one spelling. *)
let natural lines text =
  if not (is_digits text) || (text.[0] = '0' && text <> "0") then
    bad "%s: %S is not a number" lines.name text;
  Integer.of_string text

let field lines key =
  match words lines with
  | [word; value] when word = key -> value
  | _ -> bad "%s: expected a line %S" lines.name key

let digest lines key =
  let value = field lines key in
  let is_hex c = ('0' <= c && c <= '9') || ('a' <= c && c <= 'f') in
  if String.length value <> 64 || not (String.for_all is_hex value) then
    bad "%s: %S is not a digest" lines.name value;
  value

(* The lines of parts, the last of which had the number `before`. *)
let rec read_parts lines count before =
  match words lines with
  | ["end"] -> []
  | ["part"; i; regions] ->
      let i = natural lines i in
      if Integer.leq i before || Integer.geq i count then
        bad "%s: part %s, of %s, out of order" lines.name (Integer.to_string i) (Integer.to_string count);
      let part = (i, natural lines regions) in
      part :: read_parts lines count i
  | _ -> bad "%s: neither a part nor the end of a verdict" lines.name

(* The verdicts in a file, all on this network and domain: digests of trunks, and what is said. *)
let read_verdicts lines network domain =
  let rec verdicts () =
    expect lines "crease-verdict 1";
    if digest lines "network" <> network then bad "%s: on another network" lines.name;
    if digest lines "domain" <> domain then bad "%s: on another domain" lines.name;
    let trunk = digest lines "trunk" in
    let parts = natural lines (field lines "parts") in
    let outside = natural lines (field lines "regions") in
    let found = read_parts lines parts Integer.minus_one in
    let verdict = (trunk, { parts; outside; found }) in
    if lines.left = [""] then [verdict] else verdict :: verdicts () in
  verdicts ()
