/** How to reach a Nomad and what to call oneself there. */
export interface NomadAccess {
  addr: string;
  token: string;
  namespace: string;
}

export interface NomadJob {
  ID: string;
  Name: string;
  Status: string;
  Stop: boolean;
  Version: number;
  JobModifyIndex: number;
  Meta: Record<string, string> | null;
  [field: string]: unknown;
}

export interface NomadTaskState {
  State: string;
  Failed: boolean;
  Restarts: number;
  Events: { Type: string; DisplayMessage: string; ExitCode: number; Time: number }[];
}

export interface NomadAllocation {
  ID: string;
  JobID: string;
  ClientStatus: string;
  DesiredStatus: string;
  CreateIndex: number;
  TaskStates: Record<string, NomadTaskState> | null;
  [field: string]: unknown;
}

export interface NomadHostVolume {
  ID: string;
  Name: string;
  State: string;
  HostPath?: string;
  [field: string]: unknown;
}

/** An answer of Nomad that is no success. */
export class NomadRefusal extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(`Nomad answered ${status}: ${text.trim()}`);
  }
}

/** Nomad as a test looks at it, past knot: its own HTTP calls, in one namespace. */
export class NomadClient {
  constructor(readonly access: NomadAccess) {}

  /** Any call, for what has no method here; `path` begins with /v1/ and may hold a query. */
  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const url = new URL(path, this.access.addr);
    if (!url.searchParams.has('namespace')) url.searchParams.set('namespace', this.access.namespace);
    const response = await fetch(url, {
      method,
      headers: { 'X-Nomad-Token': this.access.token },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new NomadRefusal(response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  jobs(prefix = ''): Promise<NomadJob[]> {
    return this.request('GET', `/v1/jobs?meta=true&prefix=${encodeURIComponent(prefix)}`);
  }

  /** The job, or undefined when there is none. */
  async job(id: string): Promise<NomadJob | undefined> {
    try {
      return await this.request<NomadJob>('GET', `/v1/job/${encodeURIComponent(id)}`);
    } catch (error) {
      if (error instanceof NomadRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Registers a job given in Nomad's JSON form; ID is needed, namespace and data centre are filled in. */
  async register(job: { ID: string } & Record<string, unknown>): Promise<void> {
    const whole = { Name: job.ID, Type: 'service', Datacenters: ['dc1'], ...job, Namespace: this.access.namespace };
    await this.request('PUT', '/v1/jobs', { Job: whole });
  }

  /** The job's allocations, newest first. */
  async allocations(jobId: string): Promise<NomadAllocation[]> {
    const path = `/v1/job/${encodeURIComponent(jobId)}/allocations?all=true`;
    const found = await this.request<NomadAllocation[]>('GET', path);
    return found.sort((a, b) => b.CreateIndex - a.CreateIndex);
  }

  /** What `nomad job stop -purge` does. */
  async purge(jobId: string): Promise<void> {
    await this.request('DELETE', `/v1/job/${encodeURIComponent(jobId)}?purge=true`);
  }

  /** Stops one allocation; Nomad places another. */
  async stopAllocation(allocationId: string): Promise<void> {
    await this.request('PUT', `/v1/allocation/${allocationId}/stop`);
  }

  /** Sends a signal to the task's process (raw_exec), by default the one that cannot be caught. */
  async killTask(allocationId: string, task: string, signal = 'SIGKILL'): Promise<void> {
    await this.request('PUT', `/v1/client/allocation/${allocationId}/signal`, { Task: task, Signal: signal });
  }

  hostVolumes(): Promise<NomadHostVolume[]> {
    return this.request('GET', '/v1/volumes?type=host');
  }

  /** A dynamic host volume made by the plugin `mkdir`; usable once its state is `ready`. */
  async createHostVolume(name: string): Promise<NomadHostVolume> {
    const capability = { AccessMode: 'single-node-writer', AttachmentMode: 'file-system' };
    const volume = { Name: name, PluginID: 'mkdir', RequestedCapabilities: [capability] };
    const whole = { ...volume, Namespace: this.access.namespace };
    const answer = await this.request<{ Volume: NomadHostVolume }>('PUT', '/v1/volume/host/create', { Volume: whole });
    return answer.Volume;
  }

  async deleteHostVolume(id: string): Promise<void> {
    await this.request('DELETE', `/v1/volume/host/${id}/delete`);
  }

  /** Makes a namespace (or leaves it as it is) and returns a client for it. */
  async createNamespace(name: string): Promise<NomadClient> {
    await this.request('PUT', `/v1/namespace/${name}`, { Name: name });
    return new NomadClient({ ...this.access, namespace: name });
  }

  /** Purges all jobs and deletes all host volumes of this client's namespace, as far as they can go. */
  async empty(): Promise<void> {
    for (const job of await this.jobs()) await this.purge(job.ID);
    for (const volume of await this.hostVolumes()) await this.deleteHostVolume(volume.ID).catch(() => undefined);
  }
}
