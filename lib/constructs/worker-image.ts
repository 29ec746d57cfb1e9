import { createHash } from 'node:crypto';
import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { IgnoreStrategy, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { ContainerDefinition, ContainerImageConfig } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { ConfigError } from '../config';

const repositoryRoot = path.resolve(__dirname, '../..');

export interface WorkerImageProps {
  /** An image in a registry, `…:tag` or `…@sha256:…`. When absent, the image of this repository is built at deployment. */
  uri?: string | undefined;
  /** Modules whose exports are the image's workflows and activities. Paths are relative to the root of the repository. */
  workflows?: string[] | undefined;
  activities?: string[] | undefined;
}

/** The worker's image and its build id. Each image is a version of the Temporal worker deployment. */
export interface WorkerImage {
  image: ContainerImage;
  buildId: string;
}

export function workerImage(scope: Construct, { uri, ...modules }: WorkerImageProps): WorkerImage {
  return uri === undefined ? builtImage(scope, modules) : registryImage(scope, uri);
}

function builtImage(scope: Construct, { workflows = [], activities = [] }: Omit<WorkerImageProps, 'uri'>): WorkerImage {
  checkModules('worker.workflows', workflows);
  checkModules('worker.activities', activities);
  const asset = new DockerImageAsset(scope, 'Image', {
    directory: repositoryRoot,
    file: 'worker/Dockerfile',
    platform: Platform.LINUX_ARM64,
    buildArgs: { WORKFLOWS: workflows.join(' '), ACTIVITIES: activities.join(' ') },
  });
  return { image: ContainerImage.fromDockerImageAsset(asset), buildId: asset.assetHash.slice(0, 12) };
}

/** @throws {ConfigError} when a module does not exist or .dockerignore excludes it */
function checkModules(key: string, modules: string[]): void {
  const ignored = IgnoreStrategy.docker(
    repositoryRoot,
    readFileSync(path.join(repositoryRoot, '.dockerignore'), 'utf8').split('\n'),
  );
  for (const module of modules) {
    const file = path.join(repositoryRoot, module);
    const place = [file, `${file}.ts`, `${file}.js`, path.join(file, 'index.ts')].find((candidate) =>
      existsSync(candidate),
    );
    if (place === undefined) throw new ConfigError(`${key}: there is no ${module} in ${repositoryRoot}`);
    if (ignored.ignores(place)) {
      const [directory] = module.split('/');
      throw new ConfigError(
        `${key}: .dockerignore excludes ${module} from the image; add the line "!${directory}" to it`,
      );
    }
  }
}

/** The length of a SHA-256 digest. A tag can have 128 characters, and is longer in the name of a task family, which is limited. */
const MAX_BUILD_ID_CHARACTERS = 64;

/** Returns the tag or digest. A long tag is shortened, but stays different from other tags with the same beginning. */
function buildIdOf(tagOrDigest: string): string {
  if (tagOrDigest.length <= MAX_BUILD_ID_CHARACTERS) return tagOrDigest;
  const hash = createHash('sha256').update(tagOrDigest).digest('hex').slice(0, 12);
  return `${tagOrDigest.slice(0, MAX_BUILD_ID_CHARACTERS - hash.length - 1)}-${hash}`;
}

/** @throws {ConfigError} when the image has neither a tag nor a digest */
function registryImage(scope: Construct, uri: string): WorkerImage {
  const tagOrDigest = /(?:@sha256:|:)([\w.-]+)$/.exec(uri)?.[1];
  if (tagOrDigest === undefined) throw new ConfigError(`worker.imageUri: "${uri}" has neither a tag nor a digest`);
  const buildId = buildIdOf(tagOrDigest);
  // The hosts of ECR: standard, FIPS and dual-stack.
  const ecr = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([\w-]+)\.[\w.]+\/([^:@]+)[:@]/.exec(uri);
  if (!ecr) return { image: ContainerImage.fromRegistry(uri), buildId };
  const [, account, region, resourceName = ''] = ecr;
  const repository = Repository.fromRepositoryAttributes(scope, 'Repository', {
    repositoryName: resourceName,
    repositoryArn: Stack.of(scope).formatArn({
      service: 'ecr',
      resource: 'repository',
      account,
      region,
      resourceName,
    }),
  });
  return { image: new EcrImage(uri, repository), buildId };
}

/** An image in ECR. Unlike the CDK's, it keeps the host of the URI, such as that of a FIPS endpoint. */
class EcrImage extends ContainerImage {
  constructor(
    private readonly imageName: string,
    private readonly repository: IRepository,
  ) {
    super();
  }

  bind(_scope: Construct, { taskDefinition }: ContainerDefinition): ContainerImageConfig {
    this.repository.grantPull(taskDefinition.obtainExecutionRole());
    return { imageName: this.imageName };
  }
}
