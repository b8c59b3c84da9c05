#include <criterion/criterion.h>

#include <stdio.h>

#include "tests/world.h"

#define EACH(i, table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)
#define RULE(duration, action) \
	"<http uri-template='http://A/'><timeout>" duration action "</timeout></http>"
#define MS(n) "<duration>" n "</duration>"

static struct world w; /* large */

/* clang-format off */
/* What is wrong with it, and how it is said (endpoints.md §2.2 to §2.4). */
static const struct {
	const char *inside, *complaint;
} wrong[] = {
	{ "", "Invalid endpoint configuration. <endpoint> needs a key, or one of <http>, <address>, "
	  "<default>, <failover>, <loadbalance>, <recipientlist>" },
	{ "<address/>", "Invalid endpoint definition. \"uri\" attribute of the address endpoint "
	  "cannot be empty." },
	{ "<http version='3'/>", "Invalid http version [3] specified in the HTTP endpoint" },
	{ RULE(MS("1s"), ""), "Endpoint timeout duration expected as a number but was not a number; "
	  "'1s' should be milliseconds, such as 10000" },
	{ RULE(MS(" {x} y"), ""), "Endpoint timeout duration expected as a number but was not a number; "
	  "'{x} y' should be milliseconds, such as 10000" },
	{ RULE("", "<responseAction>never</responseAction>"),
	  "Invalid timeout action, action : never is not supported; leave out <responseAction>" },
	{ RULE("", "<responseAction>retry</responseAction>"),
	  "Invalid timeout action, action : retry is not supported; there are fault and discard" },
	{ "<address uri='http://h'><markForSuspension><errorCodes>x</errorCodes></markForSuspension>"
	  "</address>", "The timeout error codes should be specified as valid numbers separated by "
	  "commas : x" },
	{ "<default><markForSuspension><retriesBeforeSuspension>x</retriesBeforeSuspension>"
	  "</markForSuspension></default>", "The retries before suspend [for timeouts] should be "
	  "specified as a valid number : x" },
	{ "<default><markForSuspension><retryDelay>x</retryDelay></markForSuspension></default>",
	  "The retry delay for timeouts should be specified as a valid number : x" },
	{ "<default><suspendOnFailure><errorCodes>a,b</errorCodes></suspendOnFailure></default>",
	  "The suspend error codes should be specified as valid numbers separated by commas : a,b" },
	{ "<default><suspendOnFailure><initialDuration>x</initialDuration></suspendOnFailure></default>",
	  "The initial suspend duration should be specified as a valid number : x" },
	{ "<default><suspendOnFailure><progressionFactor>x</progressionFactor></suspendOnFailure>"
	  "</default>", "The suspend duration progression factor should be specified as a valid "
	  "float : x" },
	{ "<default><suspendOnFailure><maximumDuration>x</maximumDuration></suspendOnFailure></default>",
	  "The maximum suspend duration should be specified as a valid number : x" },
	{ "<default><retryConfig><disabledErrorCodes>x</disabledErrorCodes></retryConfig></default>",
	  "The suspend error codes should be specified as valid numbers separated by commas : x" },
	{ "<failover/>", "Invalid Synapse configuration.\nA FailOver must have child elements, but "
	  "the FailOver 'N' does not have any child elements." },
	{ "<failover><endpoint key='a'/><endpoint key='a'/></failover>",
	  "Same endpoint definition cannot be used with in the siblings" },
	{ "<loadbalance policy='roundRobin' algorithm='x'><endpoint key='a'/></loadbalance>",
	  "policy and algorithm cannot be given together" },
	{ "<loadbalance policy='random'><endpoint key='a'/></loadbalance>",
	  "policy=\"random\" is not roundRobin" },
	{ "<loadbalance><member hostName='h'/></loadbalance>",
	  "<member> is not available; write an <endpoint> with its address" },
	{ "<wsdl uri='http://h?wsdl'/>", "<wsdl> in <endpoint>: write its address as <address> or "
	  "<http>" },
	{ "<class name='x'/>", "<class> in <endpoint>: Java classes cannot be run" },
	{ "<address uri='http://h'><enableSec/></address>",
	  "<enableSec> is not available: WS-Security is not spoken" },
	{ "<http><authentication/></http>", "<authentication> needs a child <basicAuth>" },
	{ "<http><authentication><oauth/></authentication></http>", "<oauth> is not available; fetch "
	  "the token with a call of its own and set the header Authorization" },
	{ "<address uri='$SYSTEM:NO_SUCH_VARIABLE_HERE'/>",
	  "the environment has no variable 'NO_SUCH_VARIABLE_HERE'" },
	{ "<address uri='$FILE:x'/>", "'$FILE:x' cannot be injected; use $SYSTEM:NAME" },
	{ "<default/><property name='p'/>", "<property> needs an attribute 'value' or 'expression'" },
	{ "<http><m:failOnStatus xmlns:m='urn:myelin'>5xx</m:failOnStatus></http>",
	  "<failOnStatus>: '5xx' is no status nor a range of them, as 500-599" },
	{ "<htpp/>", "<endpoint> has no child 'htpp'; did you mean 'http'?" },
	{ "<http uri-tempalte='x'/>", "<http> has no attribute 'uri-tempalte'; did you mean "
	  "'uri-template'?" },
};

/* What is odd, and works all the same. */
static const char *const odd[] = {
	"<http method='FETCH'/>", "<http version='2.0'/>", "<address uri='http://h' format='xml'/>",
	"<http><timeout><action>fault</action></timeout></http>",
	"<http><suspendDurationOnFailure>5</suspendDurationOnFailure></http>",
	"<http><enableRM/></http>", "<http><suspendOnFailure><errorCodes/></suspendOnFailure></http>",
	("<http><suspendOnFailure><errorCodes>101504, 101505,101500\n1</errorCodes>"
	 "</suspendOnFailure></http>"),
};
/* clang-format on */

Test(endpoint, is_refused_in_the_original_words)
{
	EACH(i, wrong)
	{
		char xml[1024], complaint[512];

		world_init(&w);
		snprintf(xml, sizeof(xml), "<endpoint name='N'>%s</endpoint>",
			 wrong[i].inside);
		snprintf(complaint, sizeof(complaint), "1: %s", wrong[i].complaint);
		cr_expect_null(world_compile(&w, xml), "%s", wrong[i].inside);
		cr_expect_str_eq(world_complaint(&w), complaint, "%s: %s",
				 wrong[i].inside, world_complaint(&w));
		world_release(&w);
	}
	EACH(i, odd)
	{
		char xml[1024];

		world_init(&w);
		snprintf(xml, sizeof(xml), "<endpoint name='N'>%s</endpoint>", odd[i]);
		cr_expect(world_compile(&w, xml), "%s: %s", odd[i], world_complaint(&w));
		world_release(&w);
	}
}
