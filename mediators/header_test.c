#include "tests/rows.h"

#define SAY(expression) \
	"<log level='custom'><property name='v' expression=\"" expression "\"/></log>"
#define SOAP(header)                                                          \
	"200 <?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope "        \
	"xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">" header \
	"<soapenv:Body><a/></soapenv:Body></soapenv:Envelope>"
#define AS_SOAP "<property name='messageType' value='text/xml' scope='axis2'/><respond/>"

/* clang-format off */
static const struct row rows[] = {
	{ "<header name='X' value='1' scope='transport'/>" SAY("$trp:x"), "", "done",
	  "v = 1\n" },
	{ "<header name='X' value='1' scope='transport'/>"
	  "<header name='x' scope='transport' action='remove'/>" SAY("$trp:X"), "", "done",
	  "v = null\n" },
	{ "<header name='X' expression='json-eval($.a)' scope='transport'/>"
	  SAY("$trp:X"), "{\"a\": 5}", "done", "v = 5\n" },
	{ "<header name='X' expression='$ctx:none' scope='transport'/>" SAY("$trp:X"), "",
	  "done", "Setting HTTP header : X to empty as evaluated value is null\n" },
	{ "<header name='To' value='http://a/b'/>" SAY("get-property('To')"), "", "done",
	  "v = http://a/b\n" },
	{ "<header name='Action' value='urn:do'/>" SAY("get-property('Action')"), "",
	  "done", "v = urn:do\n" },
	{ "<header name='o:T' value='1' xmlns:o='urn:o'/>" AS_SOAP, "<a/>",
	  SOAP("<soapenv:Header><o:T xmlns:o=\"urn:o\">1</o:T></soapenv:Header>") },
	{ "<header><o:T xmlns:o='urn:o'><o:b>x</o:b></o:T></header>"
	  SAY("string($header/*)"), "<a/>", "done", "v = x\n" },
	{ "<header name='o:T' value='1' xmlns:o='urn:o'/>"
	  "<header name='o:T' action='remove' xmlns:o='urn:o'/>"
	  SAY("string(count($header/*))"), "<a/>", "done", "v = 0\n" },
	/* what is said about mistakes */
	{ "<header value='1'/>", "",
	  "1: A valid name attribute is required for the header mediator" },
	{ "<header name='X' scope='transport'/>", "",
	  "1: A 'value' or 'expression' attribute is required for a [set] header mediator" },
	{ "<header name='X' value='1'/>", "",
	  "1: Invalid SOAP header: X specified at the header mediator. All SOAP headers "
	  "must be namespace qualified." },
	{ "<header name='q:X' value='1'/>", "",
	  "1: Invalid namespace prefix 'q' in name attribute" },
	{ "<header name='X' value='1' scope='axis2'/>", "",
	  "1: Only 'transport' or 'default' values are allowed for attribute scope for a "
	  "header mediator, Unsupported scope axis2" },
};
/* clang-format on */

Test(header, sets_and_removes_headers_and_addresses)
{
	ROWS_CHECK(rows);
}
