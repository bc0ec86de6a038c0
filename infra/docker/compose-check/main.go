// Loads a Compose file as `docker compose config` does (schema, interpolation, paths, consistency), without Docker.
//
//	compose-check <compose file> <env file>...
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if len(os.Args) < 2 {
		exit(fmt.Errorf("name a Compose file, then its env files"))
	}
	options, err := cli.NewProjectOptions(os.Args[1:2], cli.WithEnvFiles(os.Args[2:]...), cli.WithDotEnv)
	if err != nil {
		exit(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		exit(err)
	}
	fmt.Printf("%s: project %s, services %v\n", os.Args[1], project.Name, project.ServiceNames())
}

func exit(err error) {
	fmt.Fprintf(os.Stderr, "%v\n", err)
	os.Exit(1)
}
