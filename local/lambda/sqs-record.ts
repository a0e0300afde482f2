import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSMessageAttribute, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { localArn, localRegion } from '../arn.ts';

/** What SQS tells of every message when it is asked for all system attributes. */
const message = v.object({
  MessageId: v.string(),
  ReceiptHandle: v.string(),
  Body: v.string(),
  MD5OfBody: v.string(),
  Attributes: v.looseObject({
    ApproximateReceiveCount: v.string(),
    ApproximateFirstReceiveTimestamp: v.string(),
    SentTimestamp: v.string(),
    SenderId: v.string(),
  }),
});

/**
 * A message as Lambda hands it to a function.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 *
 * @param queueUrl ends with the queue's name
 */
export function sqsRecord(received: Message, queueUrl: string): SQSRecord {
  const { MessageId, ReceiptHandle, Body, MD5OfBody, Attributes } = v.parse(message, received);
  const { MessageAttributes = {}, MD5OfMessageAttributes } = received;
  const attributes = Object.entries(MessageAttributes).map(([name, value]) => [name, attribute(value)]);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: MD5OfBody,
    ...(MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: MD5OfMessageAttributes }),
    eventSource: 'aws:sqs',
    eventSourceARN: localArn('sqs', queueUrl.slice(queueUrl.lastIndexOf('/') + 1)),
    awsRegion: localRegion,
  };
}

function attribute({
  DataType = 'String',
  StringValue,
  BinaryValue,
}: MessageAttributeValue): SQSMessageAttribute {
  const value =
    BinaryValue === undefined
      ? { stringValue: StringValue }
      : { binaryValue: Buffer.from(BinaryValue).toString('base64') };
  return { ...value, stringListValues: [], binaryListValues: [], dataType: DataType };
}
