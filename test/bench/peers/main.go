// A controller as it is written in Go with client-go: informers, a work queue, server-side apply. Knot is measured beside it
// (test/bench/kubernetes-*.ts). A wish is a ConfigMap with the label peer=wish; what it asks for is one Deployment of its name,
// made of a template file. What somebody else changes is put back; a wish that goes takes its Deployment away.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	appsac "k8s.io/client-go/applyconfigurations/apps/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	appslisters "k8s.io/client-go/listers/apps/v1"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/workqueue"
)

const (
	manager   = "peer"
	wishLabel = "peer=wish"
	spaceKey  = "peer/space"
)

type controller struct {
	client      kubernetes.Interface
	namespace   string
	template    []byte
	wishes      corelisters.ConfigMapNamespaceLister
	deployments appslisters.DeploymentNamespaceLister
	queue       workqueue.TypedRateLimitingInterface[string]
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "file")
	namespace := flag.String("namespace", "", "of wishes and Deployments")
	template := flag.String("template", "", "JSON of a Deployment")
	workers := flag.Int("workers", 8, "how many reconcile at once")
	flag.Parse()
	if err := run(*kubeconfig, *namespace, *template, *workers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(kubeconfig, namespace, templateFile string, workers int) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	template, err := os.ReadFile(templateFile)
	if err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.QPS = -1 // its own limit of 5 a second would be no fair peer
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	wishFactory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(o *metav1.ListOptions) { o.LabelSelector = wishLabel }))
	ownFactory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(o *metav1.ListOptions) { o.LabelSelector = spaceKey }))
	wishes := wishFactory.Core().V1().ConfigMaps()
	deployments := ownFactory.Apps().V1().Deployments()
	pods := ownFactory.Core().V1().Pods()
	c := &controller{
		client:      client,
		namespace:   namespace,
		template:    template,
		wishes:      wishes.Lister().ConfigMaps(namespace),
		deployments: deployments.Lister().Deployments(namespace),
		queue:       workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]()),
	}
	for _, informer := range []cache.SharedIndexInformer{wishes.Informer(), deployments.Informer(), pods.Informer()} {
		if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    c.enqueue,
			UpdateFunc: func(_, now any) { c.enqueue(now) },
			DeleteFunc: c.enqueue,
		}); err != nil {
			return err
		}
	}
	wishFactory.Start(ctx.Done())
	ownFactory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), wishes.Informer().HasSynced, deployments.Informer().HasSynced, pods.Informer().HasSynced) {
		return fmt.Errorf("the informers did not get to know what there is")
	}
	fmt.Println("ready")
	for range workers {
		go func() {
			for c.next(ctx) {
			}
		}()
	}
	<-ctx.Done()
	c.queue.ShutDown()
	return nil
}

func (c *controller) enqueue(object any) {
	if gone, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = gone.Obj
	}
	meta, ok := object.(metav1.Object)
	if !ok {
		return
	}
	if name := meta.GetLabels()[spaceKey]; name != "" {
		c.queue.Add(name)
	}
}

func (c *controller) next(ctx context.Context) bool {
	name, over := c.queue.Get()
	if over {
		return false
	}
	defer c.queue.Done(name)
	if err := c.reconcile(ctx, name); err != nil {
		utilruntime.HandleError(err)
		c.queue.AddRateLimited(name)
	} else {
		c.queue.Forget(name)
	}
	return true
}

func (c *controller) reconcile(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	there, err := c.deployments.Get(name)
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	if _, err := c.wishes.Get(name); apierrors.IsNotFound(err) {
		if there == nil || there.DeletionTimestamp != nil {
			return nil
		}
		err := c.client.AppsV1().Deployments(c.namespace).Delete(ctx, name, metav1.DeleteOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		return err
	}
	wanted, err := c.wanted(name)
	if err != nil {
		return err
	}
	if there != nil && isAsWanted(there, wanted) {
		return nil
	}
	_, err = c.client.AppsV1().Deployments(c.namespace).Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: manager, Force: true})
	return err
}

func (c *controller) wanted(name string) (*appsac.DeploymentApplyConfiguration, error) {
	wanted := &appsac.DeploymentApplyConfiguration{}
	if err := json.Unmarshal(c.template, wanted); err != nil {
		return nil, err
	}
	label := map[string]string{spaceKey: name}
	wanted.WithName(name).WithNamespace(c.namespace).WithLabels(label)
	wanted.Spec.Template.WithLabels(label)
	wanted.Spec.Selector.WithMatchLabels(label)
	return wanted, nil
}

// What was asked for is compared as far as it can be changed by hand: containers and their number.
func isAsWanted(there *appsv1.Deployment, wanted *appsac.DeploymentApplyConfiguration) bool {
	if wanted.Spec.Replicas != nil && *there.Spec.Replicas != *wanted.Spec.Replicas {
		return false
	}
	containers := wanted.Spec.Template.Spec.Containers
	if len(there.Spec.Template.Spec.Containers) != len(containers) {
		return false
	}
	for at, want := range containers {
		is := there.Spec.Template.Spec.Containers[at]
		if is.Image != *want.Image || !equality.Semantic.DeepEqual(is.Command, want.Command) {
			return false
		}
	}
	return true
}
