// Command train runs the agent against a server that answers like the API server (TLS, HTTP/2, a watch by WebSocket),
// until it has published and was probed, and ends it by SIGTERM: so the agent loads the classes that it loads on a node.
// The connection is described in ROOT as in a pod, by the files of a service account and by variables.
// usage: train ROOT COMMAND [ARGUMENT...]
package main

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	node       = "training"
	uid        = "00000000-0000-0000-0000-000000000001"
	management = "127.0.0.1:9847"
	pools      = "/apis/rdmagid.io/v1alpha1/rdmagidpools"
	limit      = 2 * time.Minute
)

type object = map[string]any

// server holds the objects by path.
type server struct {
	mutex    sync.Mutex
	objects  map[string]object
	requests []string
	watched  chan string
}

func main() {
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(root string, command []string) error {
	fake := &server{watched: make(chan string, 16), objects: map[string]object{
		"/api/v1/nodes/" + node: {
			"apiVersion": "v1", "kind": "Node",
			"metadata": object{"name": node, "uid": uid, "resourceVersion": "1", "creationTimestamp": "2026-01-01T00:00:00Z",
				"labels": object{"kubernetes.io/hostname": node}, "annotations": object{"volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
			"spec": object{"podCIDR": "10.0.0.0/24", "podCIDRs": []string{"10.0.0.0/24"}},
			"status": object{
				"capacity":   object{"cpu": "2", "memory": "2Gi"},
				"conditions": []object{{"type": "Ready", "status": "True", "lastHeartbeatTime": "2026-01-01T00:00:00Z"}},
				"addresses":  []object{{"type": "InternalIP", "address": "10.0.0.1"}},
				"nodeInfo":   object{"architecture": "amd64", "kernelVersion": "6.12.0"},
				"images":     []object{{"names": []string{"localhost/image:1"}, "sizeBytes": 1}}},
		},
		// Of a device that is gone: it is read, and deleted.
		"/apis/rdmagid.io/v1alpha1/rdmagids/training.gone.1-00000000": {
			"apiVersion": "rdmagid.io/v1alpha1", "kind": "RdmaGid",
			"metadata": object{"name": "training.gone.1-00000000", "uid": uid, "resourceVersion": "1",
				"ownerReferences": []object{{"apiVersion": "v1", "kind": "Node", "name": node, "uid": uid}},
				"managedFields":   []object{{"manager": "rdmagid-agent", "operation": "Apply", "fieldsV1": object{"f:spec": object{}}}}},
			"spec":   object{"nodeName": node, "device": "gone", "port": 1},
			"status": object{"state": "ACTIVE", "gids": []object{{"index": 1, "gid": "fe80::1", "type": "RoCEv2"}}},
		},
		pools + "/training": {
			"apiVersion": "rdmagid.io/v1alpha1", "kind": "RdmaGidPool",
			"metadata": object{"name": "training", "uid": uid, "resourceVersion": "1", "generation": 1,
				"creationTimestamp": "2026-01-01T00:00:00Z"},
			"spec": object{"ports": []object{{"netdevs": []string{"*"}}}, "podsPerPort": 2, "gid": object{"scope": "Host"}},
			"status": object{"effective": object{"type": "RoCEv2", "family": "IPv4", "scope": "Host", "required": true,
				"allowLinkLocal": false, "generation": 1, "revision": 1}},
		},
	}}
	listener := httptest.NewUnstartedServer(fake)
	listener.EnableHTTP2 = true
	listener.StartTLS()
	defer listener.Close()
	account := filepath.Join(root, "var/run/secrets/kubernetes.io/serviceaccount")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: listener.Certificate().Raw})
	if err := errors.Join(os.MkdirAll(account, 0o755),
		os.WriteFile(filepath.Join(account, "ca.crt"), certificate, 0o644),
		os.WriteFile(filepath.Join(account, "namespace"), []byte("rdmagid-system"), 0o644),
		os.WriteFile(filepath.Join(account, "token"), []byte("training"), 0o644)); err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(listener.Listener.Addr().String())
	if err != nil {
		return err
	}
	agent := exec.Command(command[0], command[1:]...)
	agent.Env = append(os.Environ(), "NODE_NAME="+node, "KUBERNETES_SERVICE_HOST="+host, "KUBERNETES_SERVICE_PORT="+port)
	agent.Stdout, agent.Stderr = os.Stdout, os.Stderr
	if err := agent.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- agent.Wait() }()
	if err := fake.awaitPublished(ended); err != nil {
		return errors.Join(err, agent.Process.Kill())
	}
	if err := agent.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-ended
	if code := agent.ProcessState.ExitCode(); code != 128+int(syscall.SIGTERM) {
		return fmt.Errorf("the agent ended with %s, not by SIGTERM", agent.ProcessState)
	}
	return nil
}

// awaitPublished waits until the agent is ready but for the container runtime, which is not here, has taken an event of
// each of its watches, and has answered every probe.
func (s *server) awaitPublished(ended <-chan error) error {
	deadline := time.After(limit)
	missing := map[string]bool{"/api/v1/nodes": true, pools: true}
	for {
		ready := len(missing) == 0
		for _, path := range []string{"/livez", "/metrics", "/readyz"} {
			ready = probe(path) && ready
		}
		if ready {
			return nil
		}
		select {
		case path := <-s.watched:
			delete(missing, path)
		case err := <-ended:
			return fmt.Errorf("the agent ended before it had published: %v", err)
		case <-deadline:
			s.mutex.Lock()
			defer s.mutex.Unlock()
			return fmt.Errorf("the agent did not publish within %s; its requests:\n%s", limit, strings.Join(s.requests, "\n"))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func probe(path string) bool {
	response, err := http.Get("http://" + management + path)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return err == nil && (response.StatusCode == http.StatusOK || onlyRuntimeIsMissing(string(body)))
}

func onlyRuntimeIsMissing(checks string) bool {
	return strings.Count(checks, "[-]") == 1 && strings.Contains(checks, "[-]runtime")
}

func (s *server) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.requests = append(s.requests, fmt.Sprintf("%s %s %s", request.Proto, request.Method, request.URL))
	path := strings.TrimSuffix(request.URL.Path, "/status")
	switch {
	case request.URL.Query().Get("watch") == "true":
		s.watch(response, request)
	case request.Method == http.MethodPatch:
		var patch object
		if err := json.NewDecoder(request.Body).Decode(&patch); err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		if s.objects[path] == nil {
			s.objects[path] = object{"metadata": object{"uid": uid, "creationTimestamp": "2026-01-01T00:00:00Z"}}
		}
		merge(s.objects[path], patch)
		answer(response, s.objects[path])
	case request.Method == http.MethodDelete:
		delete(s.objects, path)
		answer(response, object{"apiVersion": "v1", "kind": "Status", "status": "Success"})
	case s.objects[path] != nil:
		answer(response, s.objects[path])
	default:
		s.list(response, path)
	}
}

func (s *server) list(response http.ResponseWriter, path string) {
	items := []object{}
	for name, item := range s.objects {
		if filepath.Dir(name) == path {
			items = append(items, item)
		}
	}
	answer(response, object{"kind": "List", "metadata": object{"resourceVersion": "1"}, "items": items})
}

// watch sends one event by WebSocket and waits until the client has taken it: it answers the ping that follows.
func (s *server) watch(response http.ResponseWriter, request *http.Request) {
	hijacker, ok := response.(http.Hijacker)
	if !ok || request.Header.Get("Sec-WebSocket-Key") == "" {
		http.Error(response, "a watch by WebSocket was expected", http.StatusBadRequest)
		return
	}
	connection, stream, err := hijacker.Hijack()
	if err != nil {
		panic(err)
	}
	path := request.URL.Path
	watched := s.objects["/api/v1/nodes/"+node]
	if path == pools {
		watched = s.objects[pools+"/training"]
	}
	event, err := json.Marshal(object{"type": "MODIFIED", "object": watched})
	if err != nil {
		panic(err)
	}
	accept := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(accept[:]))
	// A text frame with a length of 16 bits, and an empty ping.
	fmt.Fprintf(stream, "\x81\x7e%s%s\x89\x00", []byte{byte(len(event) >> 8), byte(len(event))}, event)
	if err := stream.Flush(); err != nil {
		panic(err)
	}
	go func() {
		defer connection.Close()
		if _, err := stream.ReadByte(); err == nil {
			s.watched <- path
		}
		_, _ = io.Copy(io.Discard, stream)
	}()
}

func answer(response http.ResponseWriter, content object) {
	response.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(response).Encode(content); err != nil {
		panic(err)
	}
}

func merge(into, patch object) {
	for key, value := range patch {
		before, isObject := into[key].(object)
		after, isPatch := value.(object)
		if isObject && isPatch {
			merge(before, after)
		} else {
			into[key] = value
		}
	}
}
