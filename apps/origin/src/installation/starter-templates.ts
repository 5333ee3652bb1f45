import type { NewRow } from '@knot/shared/store';
import { FOR_ALL } from '../templates/template-scope.js';

/** Who is said to have written what knot brought along. */
const AUTHOR = 'knot';

type Starter = Pick<NewRow<'template'>, 'name' | 'description' | 'platform'> &
  Pick<NewRow<'templateVersion'>, 'job' | 'volumes'>;

const HELLO: Starter = {
  name: 'hello',
  description:
    'A first space with no orchestrator: a small process on the machine of the leaf that writes the time into its ' +
    'volume home, with a terminal where the location has listen_agent. Needs a location with local.enabled.',
  platform: 'local',
  job: `# A process of the leaf's own machine (platform local: no isolation). Its folder is thrown away when it stops; its
# volume stays until the space is deleted.
command: |
  # Its agent lets people into a terminal. It is fetched as an image does it; only a location that meets agents has some.
  agent() {
    zip=knot_agent_linux_amd64.zip
    [ "$(uname -m)" = aarch64 ] && zip=knot_agent_linux_arm64.zip
    until curl -fsS -O "$KNOT_SERVER/agents/$zip" && unzip -qo "$zip"; do sleep 10; done
    rm "$zip"
    exec ./knot-agent agent
  }
  if [ -n "$KNOT_AGENT_ENDPOINT" ] && command -v curl >/dev/null && command -v unzip >/dev/null; then agent & fi
  while true; do
    echo "$(date '+%Y-%m-%d %H:%M:%S') hello $NAME, this is $SPACE" >home/heartbeat
    sleep 5
  done
env:
  NAME: "\${{ .user.username }}"
  SPACE: "\${{ .space.name }}"
volumes: [home]
`,
  volumes: 'volumes: [home]\n',
};

const HELLO_NOMAD: Starter = {
  name: 'hello-nomad',
  description:
    'A first space on Nomad: a small container that says hello in its log (`nomad alloc logs`). Needs a Nomad client with ' +
    'Docker that can pull busybox:1.37.',
  platform: 'nomad',
  // Docker: without it only exec is left, which needs a bridge (CNI plugins) under the policy that a location begins with
  job: `# knot registers this job as knot-<id of the space> and puts it back when somebody changes it.
job "hello" {
  datacenters = ["*"]
  type        = "service"

  group "main" {
    task "main" {
      driver = "docker"

      config {
        image   = "busybox:1.37"
        command = "/bin/sh"
        args    = ["-c", "while true; do echo \\"$(date) hello $NAME, this is $SPACE\\"; sleep 5; done"]
      }

      env {
        NAME  = "\${{ .user.username }}"
        SPACE = "\${{ .space.name }}"
      }

      logs {
        max_files     = 2
        max_file_size = 1
      }

      resources {
        cpu    = 50
        memory = 32
      }
    }
  }
}
`,
  volumes: '',
};

export interface StarterRows {
  readonly template: NewRow<'template'>;
  readonly version: NewRow<'templateVersion'>;
}

/** What a new installation can start its first spaces from; afterwards they are templates like any other. */
export function starterTemplates(newId: () => string, at: number): readonly StarterRows[] {
  return [HELLO, HELLO_NOMAD].map(({ job, volumes, ...about }) => {
    const id = newId();
    const note = 'Comes with knot.';
    return {
      template: { id, ...about, present: 1, ...FOR_ALL, createdAt: at, updatedAt: at },
      version: {
        id: `${id}:1`,
        templateId: id,
        number: 1,
        job,
        volumes,
        restart: 'always',
        exceptions: [],
        author: AUTHOR,
        approvedBy: AUTHOR,
        note,
        createdAt: at,
      },
    };
  });
}
