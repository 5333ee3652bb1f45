// Judges each new connection of a cluster's pods by its NetworkPolicies: the judge of sigs.k8s.io/kube-network-policies, which
// gets them from a queue of the kernel. What goes into that queue is up to whoever starts it (this kernel has no queue for
// nftables, by which that project does it): -j NFQUEUE --queue-num 100.
package main

import (
	"context"
	"flag"
	"log"
	"os/signal"
	"syscall"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

func main() {
	file := flag.String("kubeconfig", "", "of the cluster")
	node := flag.String("node", "", "whose pods are judged")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	config, err := clientcmd.BuildConfigFromFlags("", *file)
	if err != nil {
		log.Fatal(err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		log.Fatal(err)
	}
	all := informers.NewSharedInformerFactory(client, 0)
	controller, err := networkpolicy.NewController(
		client,
		all.Networking().V1().NetworkPolicies(),
		all.Core().V1().Namespaces(),
		all.Core().V1().Pods(),
		nil, nil, nil, nil,
		// what it asks of the container runtime it does without where that has no NRI; switched off, it asks a nil pointer
		networkpolicy.Config{QueueID: 100, NodeName: *node},
	)
	if err != nil {
		log.Fatal(err)
	}
	all.Start(ctx.Done())
	if err := controller.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
