<?php
/** WooCommerce: the order on its thank-you page. */

defined( 'ABSPATH' ) || exit;

add_action( 'woocommerce_thankyou', 'onramp_pixel_thank_you' );

/**
 * Tracks the order that the page thanks for. The page may be opened again: the marketplace counts an order once.
 *
 * @param int|string $order_id As WooCommerce's action gives it.
 */
function onramp_pixel_thank_you( $order_id ) {
	$order = function_exists( 'wc_get_order' ) ? wc_get_order( $order_id ) : null;
	// The page is shown for payments that failed as well.
	if ( ! $order || $order->has_status( array( 'failed', 'cancelled' ) ) ) {
		return;
	}
	$created = $order->get_date_created();
	onramp_pixel_print_purchase(
		array(
			// Who buys as a guest is no customer of this site's: then the order stands for them.
			'customer-id'  => (string) ( $order->get_customer_id() ? $order->get_customer_id() : 'guest-' . $order->get_id() ),
			'order-id'     => (string) $order->get_id(),
			'amount'       => (string) $order->get_total(),
			'currency'     => (string) $order->get_currency(),
			'purchased-at' => $created ? gmdate( 'Y-m-d\TH:i:s\Z', $created->getTimestamp() ) : '',
		)
	);
}
