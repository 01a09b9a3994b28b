<?php
/** Of WooCommerce, how the plugin gets at an order. WordPress has loaded the order's double before: it goes by the alphabet. */

function wc_get_order( $id ) {
	return $id ? new Order_Double( (int) $id ) : false;
}
