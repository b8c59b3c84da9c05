#include "tests/rows.h"

#define ENV11 "http://schemas.xmlsoap.org/soap/envelope/"
#define ENV12 "http://www.w3.org/2003/05/soap-envelope"
#define CODE11 "<code xmlns:s='" ENV11 "' value='s:Client'/>"
#define CODE12 "<code xmlns:s='" ENV12 "' value='s:Sender'/>"

/* clang-format off */
static const struct row rows[] = {
	{ "<makefault version='pox' response='true'><reason value='no &lt;such'/>"
	  "</makefault><respond/>", "<a/>", "500 <Exception>no &lt;such</Exception>" },
	{ "<makefault version='pox'><reason value='r'/><detail>d</detail></makefault>"
	  "<respond/>", "<a/>", "500 <Exception>d</Exception>" },
	{ "<property name='HTTP_SC' value='404' scope='axis2'/>"
	  "<makefault version='pox'><reason value='r'/></makefault><respond/>", "<a/>",
	  "404 <Exception>r</Exception>" },
	{ "<makefault version='soap11'>" CODE11
	  "<reason expression='string(//q)'/><detail><x xmlns=''/></detail></makefault>"
	  "<log level='full'/>", "<q>why</q>", "done",
	  "<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>why"
	  "</faultstring><detail><x/></detail></soapenv:Fault>" },
	{ "<makefault version='soap12'>" CODE12
	  "<reason value='r'/><role>urn:r</role></makefault><log level='full'/>", "<q/>",
	  "done", "<soapenv:Value>soapenv:Sender</soapenv:Value>" },
	/* what is said about mistakes */
	{ "<makefault>" CODE11 "</makefault>", "",
	  "1: The fault reason is a required attribute for the makefault mediator unless "
	  "it is a pox fault" },
	{ "<makefault><reason value='r'/></makefault>", "",
	  "1: The fault code is a required attribute for the makefault mediator unless it "
	  "is a pox fault" },
	{ "<makefault>" CODE12 "<reason value='r'/></makefault>", "",
	  "1: Invalid namespace prefix 's' in code attribute" },
	{ "<makefault><code xmlns:s='" ENV11 "' value='s:Sender'/><reason value='r'/>"
	  "</makefault>", "", "1: code value=\"s:Sender\" is no fault code of soap11" },
	{ "<makefault version='soap13'/>", "", "1: Invalid SOAP version" },
};
/* clang-format on */

Test(makefault, makes_faults)
{
	ROWS_CHECK(rows);
}
