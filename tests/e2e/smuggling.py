#!/usr/bin/env python3
"""The same raw requests to us, nginx and haproxy: what each says, what the backend sees.

Our column is a test. The others are only compared (smuggling.md is that table):

    smuggling.py table
"""
import shutil
import subprocess
import sys

from rig import NS, Backend, api, call, connect, free_port, request, run, until

RESPOND = "<respond/>"
GET2 = "GET /p/second HTTP/1.1\r\nHost: h\r\n\r\n"

P = "POST /p/x HTTP/1.1\r\nHost: h\r\n"
G = "GET /p/x HTTP/1.1\r\n"
GH = G + "Host: h\r\n"
CH = P + "Transfer-Encoding: chunked\r\n\r\n"

# What is sent, and what is right: our statuses; how many requests may reach the backend.
ROWS = [
    ("plain", "GET /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("two in one write", "GET /p/x HTTP/1.1\r\nHost: h\r\n\r\n" + GET2, [200, 200], 2),
    ("Content-Length and Transfer-Encoding",
     "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET2, [400], 0),
    ("Transfer-Encoding and Content-Length",
     "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + GET2, [400], 0),
    ("two lengths that differ", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n" + GET2, [400], 0),
    ("two equal lengths", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", [400], 0),
    ("a list of lengths", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\na", [400], 0),
    ("length +1", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na", [400], 0),
    ("length -1", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\na", [400], 0),
    ("length 0x1", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\na", [400], 0),
    ("length 1 2", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1 2\r\n\r\na", [400], 0),
    ("an empty length", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", [400], 0),
    ("length beyond 64 bits", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551617\r\n\r\na", [400], 0),
    ("a blank before the colon", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length : 1\r\n\r\na", [400], 0),
    ("a blank before Transfer-Encoding", "POST /p/x HTTP/1.1\r\nHost: h\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("a folded line", "GET /p/x HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\r\n\r\n", [400], 0),
    ("a folded Transfer-Encoding", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("bare LF everywhere", "GET /p/x HTTP/1.1\nHost: h\n\n", [400], 0),
    ("bare LF once", "GET /p/x HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", [400], 0),
    ("bare CR in a value", "GET /p/x HTTP/1.1\r\nHost: h\r\nA: b\rC: d\r\n\r\n", [400], 0),
    ("NUL in a value", "GET /p/x HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n\r\n", [400], 0),
    ("NUL in the target", "GET /p/\0x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a blank in a name", "GET /p/x HTTP/1.1\r\nHost: h\r\nA B: c\r\n\r\n", [400], 0),
    ("a field without a name", "GET /p/x HTTP/1.1\r\nHost: h\r\n: c\r\n\r\n", [400], 0),
    ("a line without a colon", "GET /p/x HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n", [400], 0),
    ("no Host", "GET /p/x HTTP/1.1\r\n\r\n", [400], 0),
    ("two Hosts", "GET /p/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", [400], 0),
    ("xchunked", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked, identity", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", [400], 0),
    ("gzip, chunked", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [501], 0),
    ("identity", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", [400], 0),
    ("Transfer-Encoding twice", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked with a vertical tab", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked in HTTP/1.0", "POST /p/x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("CHUNKED", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n", [200], 1),
    ("chunk extension", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"b\"\r\na\r\n0;c\r\n\r\n", [200], 1),
    ("chunk extension with LF", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nb\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size 0x1", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size -1", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size with a blank", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n 1\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size beyond 64 bits", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000001\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk longer than its size", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", [400], 0),
    ("LF after a chunk size", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", [400], 0),
    ("LF after a chunk", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", [400], 0),
    ("LF after the last chunk", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\n\n", [400], 0),
    ("Content-Length in a trailer", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nContent-Length: 9\r\n\r\n" + GET2, [200, 200], 2),
    ("a body on GET", "GET /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 44\r\n\r\n" + GET2[:44].ljust(44), [200], 1),
    ("bytes after the end", "GET /p/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + GET2, [200], 1),
    ("garbage after the end", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nabcdef\r\n\r\n", [200, 400], 1),
    ("two blanks in the request line", "GET  /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a tab in the request line", "GET\t/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a blank in the target", "GET /p/x y HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("HTTP/0.9", "GET /p/x\r\n\r\n", [400], 0),
    ("HTTP/1.2", "GET /p/x HTTP/1.2\r\nHost: h\r\n\r\n", [200], 1),
    ("HTTP/2.0", "GET /p/x HTTP/2.0\r\nHost: h\r\n\r\n", [505], 0),
    ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400], 0),
    ("Http/1.1", "GET /p/x Http/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a name of a method that is none", "G@T /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("CONNECT", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", [405], 0),
    ("an upgrade", "GET /p/x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n", [200], 1),
    ("fields that Connection names", "GET /p/x HTTP/1.1\r\nHost: h\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\n\r\n", [200], 1),
    ("Connection names Content-Length", "POST /p/x HTTP/1.1\r\nHost: h\r\nConnection: Content-Length\r\nContent-Length: 1\r\n\r\na", [200], 1),
    ("hop-by-hop fields", "GET /p/x HTTP/1.1\r\nHost: h\r\nKeep-Alive: 3\r\nTE: trailers\r\nTrailer: A\r\nProxy-Connection: x\r\nProxy-Authorization: y\r\n\r\n", [200], 1),
    ("the target in full", "GET http://h/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("empty lines before", "\r\n\r\nGET /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("a dozen empty lines before", "\r\n" * 12 + "GET /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("length 1 with blanks around", P + "Content-Length: \t 1 \t\r\n\r\na", [200], 1),
    ("length 0001", P + "Content-Length: 0001\r\n\r\na", [200], 1),
    ("length 1,", P + "Content-Length: 1,\r\n\r\na", [400], 0),
    ("length 1;", P + "Content-Length: 1;\r\n\r\na", [400], 0),
    ("length 1.0", P + "Content-Length: 1.0\r\n\r\na", [400], 0),
    ("length 1e0", P + "Content-Length: 1e0\r\n\r\na", [400], 0),
    ("length of 20 digits", P + "Content-Length: 99999999999999999999\r\n\r\na", [400], 0),
    ("length with 30 zeros", P + "Content-Length: 0000000000000000000000000000001\r\n\r\na", [200], 1),
    ("a length and an empty one", P + "Content-Length: 1\r\nContent-Length:\r\n\r\na", [400], 0),
    ("chunked, chunked", P + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked twice", P + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("an empty Transfer-Encoding", P + "Transfer-Encoding:\r\n\r\n", [400], 0),
    ("an empty Transfer-Encoding and a length", P + "Transfer-Encoding:\r\nContent-Length: 1\r\n\r\na", [400], 0),
    ("chunked with a parameter", P + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", [400], 0),
    ("\"chunked\" in quotes", P + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked,", P + "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked with blanks around", P + "Transfer-Encoding: \t chunked \t\r\n\r\n0\r\n\r\n", [200], 1),
    ("chunked behind a form feed", P + "Transfer-Encoding: \x0cchunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("Transfer-Encoding with an underscore, and a length", P + "Transfer_Encoding: chunked\r\nContent-Length: 1\r\n\r\na", [200], 1),
    ("chunked in HTTP/1.0 with a length", "POST /p/x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked on GET", GH + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n" + GET2, [200, 200], 2),
    ("bare LF in a trailer", CH + "0\r\nA: b\n\r\n", [400], 0),
    ("bare CR in a trailer", CH + "0\r\nA: b\rc\r\n\r\n", [400], 0),
    ("NUL in a trailer", CH + "0\r\nA: b\0c\r\n\r\n", [400], 0),
    ("a folded trailer", CH + "0\r\nA: b\r\n c\r\n\r\n", [400], 0),
    ("a trailer without a colon", CH + "0\r\nnonsense\r\n\r\n", [400], 0),
    ("a trailer with a blank before the colon", CH + "0\r\nA : b\r\n\r\n", [400], 0),
    ("Transfer-Encoding in a trailer", CH + "1\r\na\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n" + GET2, [400], 1),
    ("a trailer of 70 KB", CH + "0\r\nA: " + "b" * 70000 + "\r\n\r\n", [400], 0),
    ("300 trailer fields", CH + "0\r\n" + "A: b\r\n" * 300 + "\r\n", [200], 1),
    ("chunk size +1", CH + "+1\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size g", CH + "g\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size missing", CH + "\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size with an extension only", CH + ";a\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size with a blank behind", CH + "1 \r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size with a tab behind", CH + "1\t\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size with a blank and an extension", CH + "1 ;a=b\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size 1_0", CH + "1_0\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size with zeros before", CH + "0000000000000000000001\r\na\r\n0\r\n\r\n", [200], 1),
    ("chunk size 00", CH + "1\r\na\r\n00\r\n\r\n" + GET2, [200, 200], 2),
    ("chunk size of 16 digits", CH + "ffffffffffffffff\r\na\r\n0\r\n\r\n", [400], 0),
    ("CR CR LF after a chunk size", CH + "1\r\r\na\r\n0\r\n\r\n", [400], 0),
    ("CR CR LF after the last chunk", CH + "1\r\na\r\n0\r\r\n\r\n", [400], 0),
    ("CR without LF after a chunk", CH + "1\r\na\r0\r\n\r\n", [400], 0),
    ("no line end after a chunk", CH + "1\r\na0\r\n\r\n", [400], 0),
    ("a chunk extension of 20 KB", CH + "1;" + "a" * 20000 + "\r\na\r\n0\r\n\r\n", [400], 0),
    ("a chunk extension with bare CR", CH + "1;a\rb\r\na\r\n0\r\n\r\n", [400], 0),
    ("a chunk extension with a blank", CH + "1; a=b\r\na\r\n0\r\n\r\n", [400], 0),
    ("a chunk extension in quotes with a line end", CH + "1;a=\"\r\nb\"\r\na\r\n0\r\n\r\n", [400], 0),
    ("a chunk extension with NUL", CH + "1;a\0b\r\na\r\n0\r\n\r\n", [400], 0),
    ("bytes after the last chunk", CH + "1\r\na\r\n0\r\n\r\nX", [200], 1),
    ("LF CR", "GET /p/x HTTP/1.1\n\rHost: h\n\r\n\r", [400], 0),
    ("CR before the line end of a field", GH + "A: b\r\r\n\r\n", [400], 0),
    ("CR before the line end of the request line", "GET /p/x HTTP/1.1\r\r\nHost: h\r\n\r\n", [400], 0),
    ("bare CR before the colon", GH + "A\r: b\r\n\r\n", [400], 0),
    ("a blank in front of the first field", G + " Host: h\r\n\r\n", [400], 0),
    ("a tab before the colon", GH + "A\t: b\r\n\r\n", [400], 0),
    ("a line of blanks", GH + "A: b\r\n  \r\n\r\n", [400], 0),
    ("NUL in a name", GH + "A\0: b\r\n\r\n", [400], 0),
    ("DEL in a value", GH + "A: b\x7f\r\n\r\n", [400], 0),
    ("a bell in a value", GH + "A: b\x07\r\n\r\n", [400], 0),
    ("8 bits in a value", GH + "A: \xe9\r\n\r\n", [200], 1),
    ("8 bits in a name", GH + "\xe9: b\r\n\r\n", [400], 0),
    ("a name in brackets", GH + "A(b): c\r\n\r\n", [400], 0),
    ("an empty value", GH + "A:\r\n\r\n", [200], 1),
    ("an empty Host", G + "Host:\r\n\r\n", [200], 1),
    ("a Host with a blank", G + "Host: a b\r\n\r\n", [400], 0),
    ("a Host with a slash", G + "Host: a/b\r\n\r\n", [400], 0),
    ("a Host with an at", G + "Host: a@b\r\n\r\n", [400], 0),
    ("a Host with a comma", G + "Host: a,b\r\n\r\n", [200], 1),
    ("a Host with a port that is none", G + "Host: a:b\r\n\r\n", [200], 1),
    ("a Host with 8 bits", G + "Host: \xe9\r\n\r\n", [400], 0),
    ("two equal Hosts", G + "Host: a\r\nHost: a\r\n\r\n", [400], 0),
    ("a Host of IPv6", G + "Host: [::1]:80\r\n\r\n", [200], 1),
    ("HTTP/1.0 without Host", "GET /p/x HTTP/1.0\r\n\r\n", [200], 1),
    ("the target in full, another Host", "GET http://h/p/x HTTP/1.1\r\nHost: other\r\n\r\n", [200], 1),
    ("the target in full without Host", "GET http://h/p/x HTTP/1.1\r\n\r\n", [400], 0),
    ("the target in full with a name before @", "GET http://u@h/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("the target in full without a host", "GET http:///p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("the target in full with a query and no path", "GET http://h?a=/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [404], 0),
    ("HTTP:// in capitals", "GET HTTP://h/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("another scheme", "GET ftp://h/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a relative target with :// in its query", "GET p/x?u=http://h/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a relative target", "GET p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("an authority as target", "GET h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n", [400], 0),
    ("GET *", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", [404], 0),
    ("a star and more", "OPTIONS *x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a query as target", "GET ?x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a fragment in the target", "GET /p/x#y HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("8 bits in the target", "GET /p/\xe9 HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a backslash in the target", "GET /p\\x HTTP/1.1\r\nHost: h\r\n\r\n", [404], 0),
    ("%00 in the target", "GET /p/%00 HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("% that escapes nothing", "GET /p/%zz%1 HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("an escaped line end in the target", "GET /p/a%0d%0aX-Secret:%201 HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("dot segments", "GET /p/a/../b HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("dot segments beyond the root", "GET /p/../../etc HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("dot segments, escaped", "GET /p/a/%2e%2e/b HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("two slashes before", "GET //p/x HTTP/1.1\r\nHost: h\r\n\r\n", [404], 0),
    ("two slashes within", "GET /p//x HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("a method in small letters", "get /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [501], 0),
    ("a method nobody knows", "FROBNICATE /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [501], 0),
    ("TRACE", "TRACE /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [405], 0),
    ("TLS on the plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", [400], 0),
    ("HTTP/1.01", "GET /p/x HTTP/1.01\r\nHost: h\r\n\r\n", [400], 0),
    ("HTTP/1.10", "GET /p/x HTTP/1.10\r\nHost: h\r\n\r\n", [400], 0),
    ("HTTP/01.1", "GET /p/x HTTP/01.1\r\nHost: h\r\n\r\n", [400], 0),
    ("HTTP/3.0", "GET /p/x HTTP/3.0\r\nHost: h\r\n\r\n", [505], 0),
    ("HTTP/1.", "GET /p/x HTTP/1.\r\nHost: h\r\n\r\n", [400], 0),
    ("HTTPS/1.1", "GET /p/x HTTPS/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a blank behind the version", "GET /p/x HTTP/1.1 \r\nHost: h\r\n\r\n", [400], 0),
    ("a blank before the method", " GET /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("no target", "GET HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("an empty line between two requests", GH + "\r\n\r\n" + GET2, [200, 200], 2),
    ("a line end behind a body", P + "Content-Length: 1\r\n\r\na\r\n" + GET2, [200, 200], 2),
    ("a good one, then a bad one", GH + "\r\nGET /p/x HTTP/1.1\r\n\r\n" + GET2, [200, 400], 1),
    ("a body, then one in HTTP/1.0, then one too many", P + "Content-Length: 1\r\n\r\naGET /p/y HTTP/1.0\r\n\r\n" + GET2, [200, 200], 2),
    ("Expect of something else", P + "Content-Length: 1\r\nExpect: 200-ok\r\n\r\na", [200], 1),
    ("Expect: 100-Continue", P + "Content-Length: 1\r\nExpect: 100-Continue\r\n\r\na", [200], 1),
    ("Expect in HTTP/1.0", "POST /p/x HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\na", [200], 1),
    ("Expect without a body", GH + "Expect: 100-continue\r\n\r\n", [200], 1),
    ("Connection named twice", GH + "Connection: X-A\r\nConnection: close\r\nX-A: 1\r\nX-Secret: 1\r\nConnection: , ,x-secret ,\r\n\r\n" + GET2, [200], 1),
    ("Connection names Host", GH + "Connection: Host\r\n\r\n", [200], 1),
    ("Connection: close, keep-alive", GH + "Connection: keep-alive, close\r\n\r\n" + GET2, [200], 1),
    ("Proxy-Connection alone", "GET /p/x HTTP/1.0\r\nHost: h\r\nProxy-Connection: keep-alive\r\n\r\n" + GET2, [200], 1),
]
NEVER = ("x-secret", "keep-alive", "te", "trailer", "proxy-connection", "proxy-authorization",
         "proxy-authenticate", "upgrade", "http2-settings", "connection: x-secret")
ALWAYS = "<suspendOnFailure><initialDuration>0</initialDuration></suspendOnFailure>"


# What a backend says, and what the client gets: a status, and the body if it was taken.
K = "HTTP/1.1 200 OK\r\n"
L = "Content-Length: 2\r\n"
T = "Transfer-Encoding: chunked\r\n"
REPLIES = [
    ("plain", K + L + "\r\nok", 200, "ok"),
    ("chunked", K + T + "\r\n2\r\nok\r\n0\r\n\r\n", 200, "ok"),
    ("until it closes", K + "\r\nok", 200, "ok"),
    ("until it closes, HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nok", 200, "ok"),
    ("chunked with a trailer", K + T + "Trailer: X\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n", 200, "ok"),
    ("chunk extensions", K + T + "\r\n2;a=b\r\nok\r\n0;c\r\n\r\n", 200, "ok"),
    ("Content-Length and Transfer-Encoding", K + L + T + "\r\n2\r\nok\r\n0\r\n\r\n", 502, None),
    ("two equal lengths", K + L + L + "\r\nok", 502, None),
    ("two lengths that differ", K + L + "Content-Length: 3\r\n\r\nok!", 502, None),
    ("a list of lengths", K + "Content-Length: 2, 2\r\n\r\nok", 502, None),
    ("length +2", K + "Content-Length: +2\r\n\r\nok", 502, None),
    ("length -1", K + "Content-Length: -1\r\n\r\nok", 502, None),
    ("an empty length", K + "Content-Length:\r\n\r\nok", 502, None),
    ("a length beyond 64 bits", K + "Content-Length: 18446744073709551618\r\n\r\nok", 502, None),
    ("identity", K + "Transfer-Encoding: identity\r\n\r\nok", 502, None),
    ("gzip, chunked", K + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 502, None),
    ("chunked, chunked", K + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 502, None),
    ("chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\n" + T + "\r\n2\r\nok\r\n0\r\n\r\n", 502, None),
    ("a blank before the colon", K + "Content-Length : 2\r\n\r\nok", 502, None),
    ("a folded line", K + "A: b\r\n c\r\n" + L + "\r\nok", 502, None),
    ("bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 502, None),
    ("bare CR in a value", K + "A: b\rX-Evil: 1\r\n" + L + "\r\nok", 502, None),
    ("NUL in a value", K + "A: b\0c\r\n" + L + "\r\nok", 502, None),
    ("a line without a colon", K + "nonsense\r\n" + L + "\r\nok", 502, None),
    ("a field without a name", K + ": a\r\n" + L + "\r\nok", 502, None),
    ("no reason", "HTTP/1.1 200\r\n" + L + "\r\nok", 200, "ok"),
    ("an empty reason", "HTTP/1.1 200 \r\n" + L + "\r\nok", 200, "ok"),
    ("a reason with 8 bits", "HTTP/1.1 200 \xe9\r\n" + L + "\r\nok", 200, "ok"),
    ("status 299", "HTTP/1.1 299 Odd\r\n" + L + "\r\nok", 299, "ok"),
    ("status 600", "HTTP/1.1 600 Odd\r\n" + L + "\r\nok", 600, "ok"),
    ("status 999", "HTTP/1.1 999 Odd\r\n" + L + "\r\nok", 999, "ok"),
    ("status 99", "HTTP/1.1 99 Odd\r\n" + L + "\r\nok", 502, None),
    ("status 099", "HTTP/1.1 099 Odd\r\n" + L + "\r\nok", 502, None),
    ("status 1000", "HTTP/1.1 1000 Odd\r\n" + L + "\r\nok", 502, None),
    ("status 2x0", "HTTP/1.1 2x0 Odd\r\n" + L + "\r\nok", 502, None),
    ("status +20", "HTTP/1.1 +20 Odd\r\n" + L + "\r\nok", 502, None),
    ("two blanks before the status", "HTTP/1.1  200 OK\r\n" + L + "\r\nok", 502, None),
    ("a tab before the status", "HTTP/1.1\t200 OK\r\n" + L + "\r\nok", 502, None),
    ("no blank before the reason", "HTTP/1.1 200OK\r\n" + L + "\r\nok", 502, None),
    ("http/1.1", "http/1.1 200 OK\r\n" + L + "\r\nok", 502, None),
    ("HTTP/1.2", "HTTP/1.2 200 OK\r\n" + L + "\r\nok", 200, "ok"),
    ("HTTP/2", "HTTP/2 200\r\n" + L + "\r\nok", 502, None),
    ("HTTP/2.0", "HTTP/2.0 200 OK\r\n" + L + "\r\nok", 502, None),
    ("ICY", "ICY 200 OK\r\n" + L + "\r\nok", 502, None),
    ("an empty line before", "\r\n" + K + L + "\r\nok", 502, None),
    ("HTTP/0.9", "ok", 502, None),
    ("a head without an end", K + L, 502, None),
    ("100 before", "HTTP/1.1 100 Continue\r\n\r\n" + K + L + "\r\nok", 200, "ok"),
    ("103 before", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + K + L + "\r\nok", 200, "ok"),
    ("100 with a length", "HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\n" + K + L + "\r\nok", 200, "ok"),
    ("100 for ever", "HTTP/1.1 100 Continue\r\n\r\n" * 5000 + K + L + "\r\nok", 502, None),
    ("101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", 502, None),
    ("204 with a length", "HTTP/1.1 204 No Content\r\n" + L + "\r\nok", 204, ""),
    ("204 chunked", "HTTP/1.1 204 No Content\r\n" + T + "\r\n2\r\nok\r\n0\r\n\r\n", 204, ""),
    ("304 with a length", "HTTP/1.1 304 Not Modified\r\n" + L + "\r\n", 304, ""),
    ("bytes after the end", K + L + "\r\nok" + K + L + "\r\nno", 200, "ok"),
    ("too little", K + "Content-Length: 5\r\n\r\nok", 200, None),
    ("a chunk cut short", K + T + "\r\n5\r\nok", 200, None),
    ("no last chunk", K + T + "\r\n2\r\nok\r\n", 200, None),
    ("a chunk size that is none", K + T + "\r\nxx\r\nok\r\n0\r\n\r\n", 200, None),
    ("LF after a chunk size", K + T + "\r\n2\nok\r\n0\r\n\r\n", 200, None),
    ("a head of 70 KB", K + "A: " + "b" * 70000 + "\r\n" + L + "\r\nok", 502, None),
    ("300 fields", K + "A: b\r\n" * 300 + L + "\r\nok", 502, None),
    ("hop-by-hop fields", K + L + "Connection: X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=9\r\nUpgrade: h2c\r\n"
     "Proxy-Connection: x\r\nTrailer: A\r\nTE: trailers\r\nProxy-Authenticate: Basic\r\n\r\nok", 200, "ok"),
]


def one_reply(port):
    """Status, body (None: cut short or never whole) and hop-by-hop fields that came."""
    client = connect(port)
    client.socket.settimeout(2)
    try:
        client.send("GET /r/x HTTP/1.1\r\nHost: h\r\n\r\n")
        head = client.head()
    except (OSError, EOFError, ValueError, IndexError):
        return 0, None, []
    passed = [n.lower() for n, _ in head.fields if n.lower() in NEVER]
    try:
        body = "" if head.status in (204, 304) else client.body(head).decode()
        return head.status, body, passed
    except (OSError, EOFError, ValueError, IndexError, AssertionError):
        return head.status, None, passed
    finally:
        client.close()


def says(text):
    def script(backend, peer):
        peer.request()
        peer.send(text[0].encode("latin-1"))
    return script


def every_odd_reply_is_taken_or_refused_as_it_should_be(rig):
    text = [""]
    engine = rig.engine({"r": api("r", call(rig.backend(says(text)).url, ALWAYS) + RESPOND)})
    for name, text[0], status, right in REPLIES:
        got, body, passed = one_reply(engine.port)
        body = body if right is not None or got == 200 else None
        assert (got, body) == (status, right), f"{name}: {got} {body!r}, not {status} {right!r}"
        assert not passed, f"{name}: {passed} reached the client"


def answers(backend, peer):
    while True:
        head = peer.head()
        backend.heads.append(head)
        backend.bodies.append(peer.body(head))
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def ask(port, text):
    """The statuses that come before the connection ends or falls silent."""
    client, statuses = connect(port), []
    client.socket.settimeout(0.15)
    try:
        client.send(text.encode("latin-1"))
        while True:
            statuses.append(client.reply()[0].status)
    except (OSError, EOFError, ValueError, IndexError):
        return statuses
    finally:
        client.close()


def every_row_is_answered_as_it_should_be(rig):
    backend = rig.backend(answers)
    engine = rig.engine({"p": api("p", call(backend.url) + RESPOND)})
    for name, text, right, most in ROWS:
        del backend.heads[:]
        got = ask(engine.port, text)
        seen = [h.first for h in backend.heads]
        if right[0] >= 400:
            assert len(got) == 1 and got[0] in right, f"{name}: {got}, not {right}"
        else:
            assert got == right, f"{name}: {got}, not {right}"
        assert len(seen) <= most, f"{name}: the backend was sent {seen}"
        for head in backend.heads:
            bad = [n for n, _ in head.fields if n.lower() in NEVER]
            assert not bad, f"{name}: {bad} reached the backend"
            lengths = [n for n, _ in head.fields if n.lower() in ("content-length", "transfer-encoding")]
            assert len(lengths) <= 1, f"{name}: {lengths}"


INJECTED = ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b"]


def nothing_is_injected_through_properties(rig):
    """A value with a line end in it, as somebody's payload may have it: the field is left out."""
    backend = rig.backend(answers)
    set_header = "<property name='X-Out' expression='json-eval($.v)' scope='transport'/>"
    engine = rig.engine({"in": api("in", set_header + call(backend.url) + RESPOND),
                         "out": api("out", set_header + RESPOND)})
    kind = "Content-Type: application/json\r\n"
    for value in INJECTED:
        escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 else c for c in value)
        for path in ("/in/x", "/out/x"):
            head, _ = rig.ask(engine, "POST", path, f'{{"v":"{escaped}"}}'.encode(), kind + "X-Out: from the client\r\n")
            for seen in [head] + backend.heads:
                names = [n.lower() for n, _ in seen.fields]
                assert not {"x-evil", "x-out"} & set(names) and "\0" not in "".join(seen.lines), \
                    (path, value, seen.lines)
            assert head.status == 200, head.lines
    assert len(backend.heads) == len(INJECTED)
    assert engine.log().count("Mediator} - {api:out} the header 'X-Out' is left out") == len(INJECTED)


def nothing_is_injected_through_uri_templates(rig):
    backend = rig.backend(answers)
    endpoint = (f"<call><endpoint><http method='get' uri-template='{backend.url}/{{+uri.var.v}}?q={{uri.var.v}}'/>"
                "</endpoint></call>")
    engine = rig.engine({"t": api("t", "<property name='uri.var.v' expression='json-eval($.v)'/>" + endpoint + RESPOND)})
    for value in ["a HTTP/1.1\r\nX-Evil: 1\r\n\r\n"] + INJECTED:
        escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 else c for c in value)
        head, _ = rig.ask(engine, "POST", "/t/x", f'{{"v":"{escaped}"}}'.encode(), "Content-Type: application/json\r\n")
        for seen in backend.heads:
            assert seen.get("x-evil") is None and len(seen.first.split(" ")) == 3 and "\r" not in seen.first, seen.lines
        assert len(backend.heads) <= 1, [h.lines for h in backend.heads]
        del backend.heads[:]


# --- the table ---

NGINX = """daemon off; worker_processes 1; pid {dir}/pid; error_log /dev/null;
events {{ worker_connections 100; }}
http {{ access_log off; client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f;
uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s; proxy_http_version 1.1; proxy_set_header Connection "";
server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {url}; }} }} }}
"""
HAPROXY = """defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend f
  bind 127.0.0.1:{port}
  default_backend b
backend b
  server s {address}
"""


def is_up(port):
    try:
        return ask(port, ROWS[0][1]) == [200]
    except OSError:
        return False


def rival(rig, command, text, backend):
    port, file = free_port(), rig.dir / command[0]
    file.write_text(text.format(dir=rig.dir, port=port, url=backend.url, address=backend.url[7:]))
    process = subprocess.Popen([*command, str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert until(lambda: is_up(port), 5), f"{command[0]} does not start"
    return process, port


def row_of(backend, port, text):
    del backend.heads[:], backend.bodies[:]
    statuses = ask(port, text)
    said = " ".join(map(str, statuses)) or "closed"
    if not backend.heads:
        return said
    more = []
    for head, body in zip(backend.heads, backend.bodies):
        passed = [n.lower() for n, _ in head.fields if n.lower() in NEVER]
        framing = "chunked " if head.get("transfer-encoding") else ""
        more.append(f"{head.first.split()[1]} {framing}{len(body)} B" + (f" with {', '.join(passed)}" if passed else ""))
    return said + "; backend: " + " + ".join(more)


def reply_of(port):
    status, body, passed = one_reply(port)
    said = f"{status or 'closed'}" + (", cut short" if body is None and status == 200 else "")
    if body and status not in (502, 500):
        said += f", {len(body)} B"
    return said + (f" with {', '.join(passed)}" if passed else "")


def table(rig):
    said = [REPLIES[0][1]]
    backend, other = rig.backend(answers), rig.backend(says(said))
    engine = rig.engine({"p": api("p", call(backend.url) + RESPOND), "r": api("r", call(other.url, ALWAYS) + RESPOND)})
    rivals = [rival(rig, kind, config, to) for to in (backend, other)
              for kind, config in ((["nginx", "-c"], NGINX), (["haproxy", "-f"], HAPROXY))]
    ports = [engine.port] + [port for _, port in rivals[:2]]
    print("| sent | myelin | nginx 1.22 | haproxy 2.6 |\n|---|---|---|---|")
    for name, text, _, _ in ROWS:
        print(f"| {name} | " + " | ".join(row_of(backend, port, text) for port in ports) + " |")
    ports = [engine.port] + [port for _, port in rivals[2:]]
    print("\n| the backend says | myelin | nginx 1.22 | haproxy 2.6 |\n|---|---|---|---|")
    for name, said[0], _, _ in REPLIES:
        print(f"| {name} | " + " | ".join(reply_of(port) for port in ports) + " |")
    for process, _ in rivals:
        process.terminate()
        process.wait(5)


if "table" in sys.argv[1:]:
    run(table)
run(every_row_is_answered_as_it_should_be, every_odd_reply_is_taken_or_refused_as_it_should_be,
    nothing_is_injected_through_properties,
    nothing_is_injected_through_uri_templates)
