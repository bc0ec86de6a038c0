/** Who may administer MinIO, and where it is. */
export interface Administrator {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A user of MinIO and the one policy that it has, made or made anew. */
export function createUser(
  administrator: Administrator,
  user: {
    readonly name: string;
    readonly secret: string;
    readonly policy: string;
    readonly document: string;
  },
): Promise<void>;

/** The policy of the trainer: infra/minio/trainer-policy.json. */
export function trainerPolicy(): string;
