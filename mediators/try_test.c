#include "tests/rows.h"

#define TRY(inside) "<m:try xmlns:m='urn:myelin'>" inside "</m:try>"
#define SAY(text) "<log level='custom'><property name='said' value='" text "'/></log>"
#define SHOW                                                                    \
	"<log level='custom'><property name='c' expression='$ctx:ERROR_CODE'/>" \
	"<property name='m' expression='$ctx:ERROR_MESSAGE'/>"                  \
	"<property name='k' expression='$ctx:ERROR_KIND'/></log>"
#define CATCH(attributes, inside) "<m:catch " attributes ">" inside "</m:catch>"
#define RAISE(type) "<throwError type='" type "' errorMessage='no " type "'/>"
#define REFUSED "<call><endpoint><address uri='http://nobody/'/></endpoint></call>"

/* clang-format off */
static const struct row rows[] = {
	{ TRY(SAY("in") CATCH("", SAY("caught"))) "<respond/>", "x", "200 x", "said = in\n" },
	{ TRY(RAISE("OUT") SAY("not") CATCH("", SHOW)) SAY("behind"), "", "done",
	  "c = OUT, m = no OUT, k = mediation\n" },
	{ TRY(RAISE("OUT") CATCH("", "")) SAY("behind"), "", "done", "said = behind\n" },
	{ TRY(RAISE("OUT") CATCH("", "")) SHOW, "", "done", "c = null, m = null, k = null\n" },
	{ TRY(RAISE("OUT") CATCH("errors='IN'", SAY("no"))), "", "fault 0 no OUT" },
	{ TRY(RAISE("OUT") CATCH("errors='IN'", "") CATCH("errors='IN, OUT'", SAY("2nd"))),
	  "", "done", "said = 2nd\n" },
	{ TRY(RAISE("MY:OUT") CATCH("errors='MY:*'", SAY("mine"))), "", "done",
	  "said = mine\n" },
	{ TRY(RAISE("OUT") CATCH("errors='mediation'", SAY("kind"))), "", "done",
	  "said = kind\n" },
	{ TRY(REFUSED CATCH("errors='101503'", SHOW)), "", "done", "c = 101503, m = " },
	{ TRY(REFUSED CATCH("errors='101500-101599'", SAY("range"))), "", "done",
	  "said = range\n" },
	{ TRY(REFUSED CATCH("errors='connect_refused'", SAY("kind"))), "", "done",
	  "said = kind\n" },
	{ TRY(REFUSED CATCH("errors='101504 deadline'", SAY("no"))) , "",
	  "fault 101503 Error connecting to the back end" },
	{ "<property name='s' value='1'/>" TRY(RAISE("OUT")
	  CATCH("when=\"$ctx:s = '2'\"", SAY("two")) CATCH("when=\"$ctx:s = '1'\"",
	  SAY("one"))), "", "done", "said = one\n" },
	{ TRY(RAISE("OUT") CATCH("when=\"$ctx:ERROR_CODE = 'OUT'\"", SAY("seen"))), "",
	  "done", "said = seen\n" },
	{ TRY(RAISE("OUT") CATCH("then='rethrow'", SAY("first"))), "", "fault 0 no OUT",
	  "said = first\n" },
	{ TRY(RAISE("A") CATCH("", RAISE("B")) CATCH("", SAY("no"))), "", "fault 0 no B" },
	{ TRY(TRY(RAISE("A") CATCH("", RAISE("B"))) CATCH("errors='B'", SHOW)), "", "done",
	  "c = B, m = no B, k = mediation\n" },
	{ TRY(RAISE("A") CATCH("", TRY(RAISE("B") CATCH("", "")) SHOW)), "", "done",
	  "c = A, m = no A, k = mediation\n" },
	{ TRY(RAISE("A") CATCH("", "<drop/>")) "<respond/>", "", "dropped" },
	/* what is said about mistakes */
	{ TRY("\n<m:catch then='retry'/>"), "",
	  "2: then=\"retry\" is not one of resume, rethrow" },
	{ TRY("\n<m:catch errors='5-3'/>"), "",
	  "2: errors: the range 5-3 ends before it begins" },
	{ TRY("\n<m:catch error='5'/>"), "",
	  "2: <m:catch> has no attribute 'error'; did you mean 'errors'?" },
};
/* clang-format on */

Test(try, catches_what_it_is_told_to)
{
	ROWS_CHECK(rows);
}
