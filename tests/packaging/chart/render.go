// Renders a Helm chart as `helm template` does, for machines that have no Helm: Go's templates with Sprig's functions, and Helm's own
// include, tpl, required, toYaml, fromYaml, toJson and fromJson. It knows neither subcharts, hooks nor the cluster.
//
// usage: render CHART RELEASE NAMESPACE [VALUES-FILE...]
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/ioutil"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

type values = map[string]interface{}

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: render CHART RELEASE NAMESPACE [VALUES-FILE...]")
		os.Exit(64)
	}
	rendered, err := render(os.Args[1], os.Args[2], os.Args[3], os.Args[4:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(rendered)
}

func render(chart, release, namespace string, files []string) (string, error) {
	var about, merged values
	if err := read(filepath.Join(chart, "Chart.yaml"), &about); err != nil {
		return "", err
	}
	for _, file := range append([]string{filepath.Join(chart, "values.yaml")}, files...) {
		var more values
		if err := read(file, &more); err != nil {
			return "", err
		}
		merged = merge(merged, more)
	}
	// Helm gives the members of Chart.yaml by the names of its Go type.
	metadata := values{}
	for name, value := range about {
		metadata[strings.ToUpper(name[:1])+name[1:]] = value
	}
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root))
	names, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	if err != nil {
		return "", err
	}
	sort.Strings(names)
	for _, name := range names {
		text, err := ioutil.ReadFile(name)
		if err != nil {
			return "", err
		}
		if _, err := root.New(name).Parse(string(text)); err != nil {
			return "", err
		}
	}
	data := values{
		"Values":       merged,
		"Chart":        metadata,
		"Release":      values{"Name": release, "Namespace": namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
		"Capabilities": values{"KubeVersion": values{"Version": "v1.31.0"}},
	}
	var out strings.Builder
	for _, name := range names {
		var text strings.Builder
		if err := root.ExecuteTemplate(&text, name, data); err != nil {
			return "", err
		}
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		for _, document := range strings.Split("\n"+strings.ReplaceAll(text.String(), "<no value>", ""), "\n---\n") {
			if body := strings.TrimSpace(document); body != "" {
				fmt.Fprintf(&out, "---\n# Source: clawpdp/templates/%s\n%s\n", filepath.Base(name), body)
			}
		}
	}
	return out.String(), nil
}

func functions(root *template.Template) template.FuncMap {
	known := sprig.TxtFuncMap()
	delete(known, "env")
	delete(known, "expandenv")
	known["include"] = func(name string, data interface{}) (string, error) {
		var text strings.Builder
		err := root.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	known["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(message)
		}
		return value, nil
	}
	known["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	known["fromYaml"] = func(text string) values {
		parsed := values{}
		if err := yaml.Unmarshal([]byte(text), &parsed); err != nil {
			parsed["Error"] = err.Error()
		}
		return parsed
	}
	known["toJson"] = func(value interface{}) string {
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(text)
	}
	return known
}

// merge lays one map over another, as Helm does: lists are replaced, null removes.
func merge(under, over values) values {
	all := values{}
	for name, value := range under {
		all[name] = value
	}
	for name, value := range over {
		inner, isMap := value.(values)
		outer, wasMap := all[name].(values)
		switch {
		case value == nil:
			delete(all, name)
		case isMap && wasMap:
			all[name] = merge(outer, inner)
		default:
			all[name] = value
		}
	}
	return all
}

func read(file string, into *values) error {
	text, err := ioutil.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
