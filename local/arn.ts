/** The one region that the embedded AWS has. */
export const localRegion = 'us-east-1';

/** The one account that the embedded AWS has. */
export const localAccount = '000000000000';

/** Such as `arn:aws:kms:us-east-1:000000000000:key/octet`. */
export function localArn(service: string, resource: string): string {
  return `arn:aws:${service}:${localRegion}:${localAccount}:${resource}`;
}
