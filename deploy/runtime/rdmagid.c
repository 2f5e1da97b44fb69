/*
 * rdmagid in the agent's container, which has no shell to write this in: the JVM, the flags and the class path that
 * the image brings, and the arguments as they came. Exits as the JVM does; 3, what rdmagid says where the system
 * refuses, when there is none.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOST_ARGUMENTS 1024

static const char *const jvm[] = {
	"/opt/java/bin/java", "@/app/agent.args", "io.rdmagid.deviceplugin.command.RdmagidMain",
};

int main(int argc, char **argv)
{
	const int before = sizeof(jvm) / sizeof(jvm[0]);
	const char *arguments[before + MOST_ARGUMENTS + 1];
	if (argc - 1 > MOST_ARGUMENTS) {
		fprintf(stderr, "rdmagid: more than %d arguments\n", MOST_ARGUMENTS);
		return 2;
	}
	memcpy(arguments, jvm, sizeof(jvm));
	for (int i = 1; i <= argc; i++) /* with the null at the end */
		arguments[before + i - 1] = argv[i];
	execv(arguments[0], (char *const *)arguments);
	fprintf(stderr, "rdmagid: %s: %s\n", arguments[0], strerror(errno));
	return 3;
}
