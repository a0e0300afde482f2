import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

export interface WebhookSecretsOptions {
  readonly client: SecretsManagerClient;
  /** Name or ARN. */
  readonly secretId: string;
}

/** The secret with which a deployment signs callbacks that bring none of their own. */
export class WebhookSecrets {
  readonly #client: SecretsManagerClient;
  readonly #secretId: string;

  constructor({ client, secretId }: WebhookSecretsOptions) {
    this.#client = client;
    this.#secretId = secretId;
  }

  /** The current secret, and after a rotation the one before it, so that receivers can change over in their own time. */
  async current(): Promise<string[]> {
    const [now, before] = await Promise.all([this.#at('AWSCURRENT'), this.#at('AWSPREVIOUS')]);
    if (now === undefined) throw new Error('The webhook secret has no value.');
    return before === undefined ? [now] : [now, before];
  }

  async #at(VersionStage: string): Promise<string | undefined> {
    try {
      const answer = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#secretId, VersionStage }),
      );
      return answer.SecretString;
    } catch (error) {
      if (VersionStage === 'AWSPREVIOUS' && error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}
